/** RMSProp: gradients divided by a running root mean square of themselves. */
import type { Tree } from '@dendrite/spec';
import { add, constant, div, max, mul, penalised, runningMean, sqrt, sub } from '../formula/formula.ts';
import { flag, fraction, notNegative, share } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

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
export const rmsProp: OptimizerFactory<RmsPropOptions, RmsPropState> = /*#__PURE__*/ defineOptimizer<
  RmsPropOptions,
  RmsPropState,
  'learningRate'
>({
  name: 'optimizers/rms-prop',
  factory: 'rmsProp',
  options: {
    learningRate: [0.01, notNegative],
    alpha: [0.99, share],
    epsilon: [1e-8, notNegative],
    weightDecay: [0, notNegative],
    momentum: [0, fraction],
    centered: [false, flag],
  },
  slots: ({ centered, momentum }) => ({
    squares: 0,
    ...(centered && { mean: 0 }),
    ...(momentum !== 0 && { velocity: 0 }),
  }),
  scalars: (_step, learningRate) => ({ learningRate }),
  update(
    { parameter, gradient, slots: { squares, mean, velocity }, scalars: { learningRate } },
    { alpha, epsilon, weightDecay, momentum },
  ) {
    const step = penalised(gradient, parameter, weightDecay);
    const nextSquares = runningMean(squares, mul(step, step), alpha);
    const nextMean = mean && runningMean(mean, step, alpha);
    // The variance is never below 0, but its rounded difference may be.
    const spread = nextMean ? max(sub(nextSquares, mul(nextMean, nextMean)), constant(0)) : nextSquares;
    const direction = div(step, add(sqrt(spread), constant(epsilon)));
    const nextVelocity = velocity && add(mul(constant(momentum), velocity), direction);
    return {
      parameter: sub(parameter, mul(learningRate, nextVelocity ?? direction)),
      squares: nextSquares,
      ...(nextMean && { mean: nextMean }),
      ...(nextVelocity && { velocity: nextVelocity }),
    };
  },
});
