/** RMSProp: gradients divided by a running root mean square of themselves. */
import type { Optimizer, Tree } from '@dendrite/spec';
import { add, constant, div, max, mul, penalised, runningMean, sqrt, sub } from '../formula/formula.ts';
import { checkOptions, flag, fraction, notNegative, share } from '../option/check-options.ts';
import { makeOptimizer } from '../update/make-optimizer.ts';
import { updateOp } from '../update/update-op.ts';

export interface RmsPropOptions {
  readonly learningRate?: number;
  readonly alpha?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  readonly momentum?: number;
  readonly centered?: boolean;
}
/** `mean` only where centered, `velocity` only where there is momentum. */
export type RmsPropState = { readonly squares: Tree; readonly mean?: Tree; readonly velocity?: Tree };

/** Step scalar: learningRate. Slots: squares, then mean (centered), then velocity (momentum). */
const rmsPropUpdate = /*#__PURE__*/ updateOp({
  name: 'optimizers/rms-prop',
  slots: ({ centered, momentum }) => 1 + (centered === true ? 1 : 0) + (momentum === 0 ? 0 : 1),
  successors({ parameter, gradient, slots, scalars: [learningRate = constant(0)] }, attributes) {
    const alpha = Number(attributes.alpha);
    const [squares = constant(0)] = slots;
    const mean = attributes.centered === true ? slots[1] : undefined;
    const velocity = attributes.momentum === 0 ? undefined : slots.at(-1);
    const step = penalised(gradient, parameter, Number(attributes.weightDecay));
    const nextSquares = runningMean(squares, mul(step, step), alpha);
    const nextMean = mean && runningMean(mean, step, alpha);
    // The variance is never below 0, but its rounded difference may be.
    const spread = nextMean ? max(sub(nextSquares, mul(nextMean, nextMean)), constant(0)) : nextSquares;
    const direction = div(step, add(sqrt(spread), constant(Number(attributes.epsilon))));
    const nextVelocity = velocity && add(mul(constant(Number(attributes.momentum)), velocity), direction);
    const next = sub(parameter, mul(learningRate, nextVelocity ?? direction));
    return [next, nextSquares, ...(nextMean ? [nextMean] : []), ...(nextVelocity ? [nextVelocity] : [])];
  },
});

/**
 * RMSProp: `s ← alpha·s + (1 − alpha)·g²`, `p ← p − learningRate·g / (√s + epsilon)`. With `centered`, `s − m²` in place of `s`
 * (`m` the running mean of g); with momentum, the quotients gather in a velocity.
 * @param options.learningRate  at least 0, default 0.01
 * @param options.alpha         memory of the running means, [0, 1], default 0.99
 * @param options.epsilon       default 1e-8
 * @param options.weightDecay   factor of the L2 penalty's gradient, default 0
 * @param options.momentum      [0, 1), default 0
 * @param options.centered      default false
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Hinton, Neural Networks for Machine Learning, lecture 6e (2012); formula of torch.optim.RMSprop
 * @example
 * import { rmsProp } from '@dendrite/optimizers';
 * const optimizer = rmsProp({ learningRate: 1e-3, alpha: 0.9 });
 */
export function rmsProp(options: RmsPropOptions = {}): Optimizer<RmsPropState> {
  checkOptions(
    'rmsProp',
    { ...options },
    {
      learningRate: notNegative,
      alpha: share,
      epsilon: notNegative,
      weightDecay: notNegative,
      momentum: fraction,
      centered: flag,
    },
  );
  const {
    learningRate = 0.01,
    alpha = 0.99,
    epsilon = 1e-8,
    weightDecay = 0,
    momentum = 0,
    centered = false,
  } = options;
  return makeOptimizer<RmsPropState>({
    name: 'optimizers/rms-prop',
    config: { learningRate, alpha, epsilon, weightDecay, momentum, centered },
    learningRate,
    op: rmsPropUpdate,
    attributes: { alpha, epsilon, weightDecay, momentum, centered },
    slots: [
      { name: 'squares', initial: 0 },
      ...(centered ? [{ name: 'mean', initial: 0 }] : []),
      ...(momentum === 0 ? [] : [{ name: 'velocity', initial: 0 }]),
    ],
    scalarNames: ['learningRate'],
    scalars: (_step, rate) => ({ learningRate: rate }),
  });
}
