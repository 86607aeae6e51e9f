/** Stochastic gradient descent, plain, with momentum or with Nesterov's look-ahead. */
import type { Expression, Optimizer, Tree } from '@dendrite/spec';
import { DendriteError } from '@dendrite/spec';
import { add, constant, mul, penalised, sub } from '../formula/formula.ts';
import { checkOptions, flag, fraction, notNegative, share } from '../option/check-options.ts';
import { makeOptimizer } from '../update/make-optimizer.ts';
import { updateOp } from '../update/update-op.ts';

export interface SgdOptions {
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}
/** `velocity` only where there is momentum. */
export type SgdState = { readonly velocity?: Tree };

/** Step scalars: learningRate, gradientShare (1 − dampening; 1 at the first step). */
const sgdUpdate = /*#__PURE__*/ updateOp({
  name: 'optimizers/sgd',
  slots: ({ momentum }) => (momentum === 0 ? 0 : 1),
  successors({ parameter, gradient, slots: [velocity], scalars: [learningRate, gradientShare] }, attributes) {
    const step = penalised(gradient, parameter, Number(attributes.weightDecay));
    const descend = (direction: Expression): Expression => sub(parameter, mul(learningRate ?? constant(0), direction));
    if (velocity === undefined) return [descend(step)];
    const momentum = constant(Number(attributes.momentum));
    const next = add(mul(momentum, velocity), mul(gradientShare ?? constant(1), step));
    return [descend(attributes.nesterov === true ? add(step, mul(momentum, next)) : next), next];
  },
});

/**
 * Stochastic gradient descent: `v ← momentum·v + (1 − dampening)·g`, `p ← p − learningRate·v`, with `g` the gradient plus
 * `weightDecay·p`. With `nesterov` the step is `g + momentum·v`. The first step takes `v = g` whatever the dampening, as PyTorch does.
 * @param options.learningRate  step length, at least 0, default 0.01
 * @param options.momentum      share of the last velocity that is kept, [0, 1), default 0
 * @param options.dampening     share of the gradient that is held back, [0, 1], default 0
 * @param options.nesterov      look ahead along the velocity; needs momentum and no dampening; default false
 * @param options.weightDecay   factor of the L2 penalty's gradient, default 0
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Sutskever et al. (2013), On the importance of initialization and momentum in deep learning; formula of torch.optim.SGD
 * @example
 * import { sgd } from '@dendrite/optimizers';
 * const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
 */
export function sgd(options: SgdOptions = {}): Optimizer<SgdState> {
  checkOptions(
    'sgd',
    { ...options },
    { learningRate: notNegative, momentum: fraction, dampening: share, nesterov: flag, weightDecay: notNegative },
  );
  const { learningRate = 0.01, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
  if (nesterov && (momentum === 0 || dampening !== 0))
    throw new DendriteError(
      'OPTION',
      `sgd(): nesterov must come with momentum above 0 and dampening 0, got momentum ${momentum} and dampening ${dampening}. Set momentum: 0.9.`,
    );
  const withMomentum = momentum !== 0;
  return makeOptimizer<SgdState>({
    name: 'optimizers/sgd',
    config: { learningRate, momentum, dampening, nesterov, weightDecay },
    learningRate,
    op: sgdUpdate,
    attributes: { momentum, nesterov, weightDecay },
    slots: withMomentum ? [{ name: 'velocity', initial: 0 }] : [],
    scalarNames: withMomentum ? ['learningRate', 'gradientShare'] : ['learningRate'],
    scalars: (step, rate) =>
      withMomentum ? { learningRate: rate, gradientShare: step === 1 ? 1 : 1 - dampening } : { learningRate: rate },
  });
}
