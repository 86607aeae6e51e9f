/** AdaDelta: steps in the parameters' own unit, from the steps that were made before. */
import type { Tree } from '@dendrite/spec';
import { add, constant, div, mul, penalised, runningMean, sqrt, sub } from '../formula/formula.ts';
import { notNegative, share } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

export interface AdaDeltaOptions {
  readonly learningRate?: number;
  readonly alpha?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}
export type AdaDeltaState = { readonly squares: Tree; readonly steps: Tree };

/**
 * AdaDelta: `s ← alpha·s + (1 − alpha)·g²`, `d = √(u + epsilon) / √(s + epsilon) · g`, `u ← alpha·u + (1 − alpha)·d²`,
 * `p ← p − learningRate·d`. Needs no learning rate; its first steps are about `√epsilon` long, so it starts slowly.
 * @param options.learningRate  factor of the step, at least 0, default 1
 * @param options.alpha         memory of both running means, [0, 1], default 0.9
 * @param options.epsilon       default 1e-6
 * @param options.weightDecay   factor of the L2 penalty's gradient, default 0
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Zeiler (2012), ADADELTA: an adaptive learning rate method; formula of torch.optim.Adadelta
 * @example
 * import { adaDelta } from '@dendrite/optimizers';
 * const optimizer = adaDelta();
 */
export const adaDelta: OptimizerFactory<AdaDeltaOptions, AdaDeltaState> = /*#__PURE__*/ defineOptimizer<
  AdaDeltaOptions,
  AdaDeltaState,
  'learningRate'
>({
  name: 'optimizers/ada-delta',
  factory: 'adaDelta',
  options: {
    learningRate: [1, notNegative],
    alpha: [0.9, share],
    epsilon: [1e-6, notNegative],
    weightDecay: [0, notNegative],
  },
  slots: () => ({ squares: 0, steps: 0 }),
  scalars: (_step, learningRate) => ({ learningRate }),
  update(
    { parameter, gradient, slots: { squares, steps }, scalars: { learningRate } },
    { alpha, epsilon, weightDecay },
  ) {
    const step = penalised(gradient, parameter, weightDecay);
    const nextSquares = runningMean(squares, mul(step, step), alpha);
    const root = (x: typeof step): typeof step => sqrt(add(x, constant(epsilon)));
    const direction = mul(div(root(steps), root(nextSquares)), step);
    return {
      parameter: sub(parameter, mul(learningRate, direction)),
      squares: nextSquares,
      steps: runningMean(steps, mul(direction, direction), alpha),
    };
  },
});
