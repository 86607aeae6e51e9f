/** Stochastic gradient descent, plain, with momentum or with Nesterov's look-ahead. */
import { DendriteError, type Expression, type Tree } from '@dendrite/spec';
import { add, constant, mul, penalised, sub } from '../formula/formula.ts';
import { flag, fraction, notNegative, share } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

export interface SgdOptions {
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}
/** `velocity` only where there is momentum. */
export type SgdState = { readonly velocity?: Tree };

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
export const sgd: OptimizerFactory<SgdOptions, SgdState> = /*#__PURE__*/ defineOptimizer<
  SgdOptions,
  SgdState,
  'learningRate' | 'gradientShare'
>({
  name: 'optimizers/sgd',
  factory: 'sgd',
  options: {
    learningRate: [0.01, notNegative],
    momentum: [0, fraction],
    dampening: [0, share],
    nesterov: [false, flag],
    weightDecay: [0, notNegative],
  },
  check({ nesterov, momentum, dampening }) {
    if (nesterov && (momentum === 0 || dampening !== 0))
      throw new DendriteError(
        'OPTION',
        `sgd(): nesterov must come with momentum above 0 and dampening 0, got momentum ${momentum} and dampening ${dampening}. Set momentum: 0.9.`,
      );
  },
  slots: ({ momentum }) => (momentum === 0 ? {} : { velocity: 0 }),
  scalars: (step, learningRate, { dampening }) => ({ learningRate, gradientShare: step === 1 ? 1 : 1 - dampening }),
  update(
    { parameter, gradient, slots: { velocity }, scalars: { learningRate, gradientShare } },
    { momentum, nesterov, weightDecay },
  ) {
    const step = penalised(gradient, parameter, weightDecay);
    const along = (direction: Expression): Expression => sub(parameter, mul(learningRate, direction));
    if (velocity === undefined) return { parameter: along(step) };
    const next = add(mul(constant(momentum), velocity), mul(gradientShare, step));
    return { parameter: along(nesterov ? add(step, mul(constant(momentum), next)) : next), velocity: next };
  },
});
