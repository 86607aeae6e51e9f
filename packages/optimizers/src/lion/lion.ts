/** Lion: the sign of a mean of gradients, so that all parameters move by the same length. */
import type { Tree } from '@dendrite/spec';
import { mul, runningMean, sign, sub } from '../formula/formula.ts';
import { fraction, notNegative } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

export interface LionOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly weightDecay?: number;
}
export type LionState = { readonly m: Tree };

/**
 * Lion: `p ← p·(1 − learningRate·weightDecay) − learningRate·sign(beta1·m + (1 − beta1)·g)`, `m ← beta2·m + (1 − beta2)·g`.
 * Half of Adam's memory. Its steps are longer than Adam's: take a third to a tenth of its learning rate, and as many times
 * its weight decay.
 * @param options.learningRate  at least 0, default 1e-4
 * @param options.beta1         share of the mean in the step, [0, 1), default 0.9
 * @param options.beta2         memory of the mean, [0, 1), default 0.99
 * @param options.weightDecay   beside the step, as in `adamW`, default 0
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Chen et al. (2023), Symbolic discovery of optimization algorithms, algorithm 2
 * @example
 * import { lion } from '@dendrite/optimizers';
 * const optimizer = lion({ learningRate: 1e-4, weightDecay: 0.1 });
 */
export const lion: OptimizerFactory<LionOptions, LionState> = /*#__PURE__*/ defineOptimizer<
  LionOptions,
  LionState,
  'learningRate' | 'shrink'
>({
  name: 'optimizers/lion',
  factory: 'lion',
  options: {
    learningRate: [1e-4, notNegative],
    beta1: [0.9, fraction],
    beta2: [0.99, fraction],
    weightDecay: [0, notNegative],
  },
  slots: () => ({ m: 0 }),
  scalars: (_step, rate, { weightDecay }) => ({ learningRate: rate, shrink: 1 - rate * weightDecay }),
  update({ parameter, gradient, slots: { m }, scalars: { learningRate, shrink } }, { beta1, beta2 }) {
    const direction = sign(runningMean(m, gradient, beta1));
    return {
      parameter: sub(mul(parameter, shrink), mul(learningRate, direction)),
      m: runningMean(m, gradient, beta2),
    };
  },
});
