/** AdaMax: Adam with the largest gradient in place of the root of the mean square. */
import type { Tree } from '@dendrite/spec';
import { abs, add, constant, div, max, mul, penalised, runningMean, sub } from '../formula/formula.ts';
import { fraction, notNegative } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

export interface AdaMaxOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}
export type AdaMaxState = { readonly m: Tree; readonly largest: Tree };

/**
 * AdaMax: `m ← beta1·m + (1 − beta1)·g`, `u ← max(beta2·u, |g| + epsilon)`, `p ← p − learningRate/(1 − beta1ᵗ) · m / u`.
 * No step is longer than about the learning rate, however small the gradients have become.
 * @param options.learningRate  at least 0, default 0.002
 * @param options.beta1         memory of the mean, [0, 1), default 0.9
 * @param options.beta2         how slowly the largest gradient fades, [0, 1), default 0.999
 * @param options.epsilon       keeps the quotient finite, default 1e-8
 * @param options.weightDecay   factor of the L2 penalty's gradient, default 0
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Kingma and Ba (2015), section 7.1; formula of torch.optim.Adamax
 * @example
 * import { adaMax } from '@dendrite/optimizers';
 * const optimizer = adaMax({ learningRate: 2e-3 });
 */
export const adaMax: OptimizerFactory<AdaMaxOptions, AdaMaxState> = /*#__PURE__*/ defineOptimizer<
  AdaMaxOptions,
  AdaMaxState,
  'stepSize'
>({
  name: 'optimizers/ada-max',
  factory: 'adaMax',
  options: {
    learningRate: [2e-3, notNegative],
    beta1: [0.9, fraction],
    beta2: [0.999, fraction],
    epsilon: [1e-8, notNegative],
    weightDecay: [0, notNegative],
  },
  slots: () => ({ m: 0, largest: 0 }),
  scalars: (step, rate, { beta1 }) => ({ stepSize: rate / (1 - beta1 ** step) }),
  update(
    { parameter, gradient, slots: { m, largest }, scalars: { stepSize } },
    { beta1, beta2, epsilon, weightDecay },
  ) {
    const step = penalised(gradient, parameter, weightDecay);
    const nextM = runningMean(m, step, beta1);
    const nextLargest = max(mul(constant(beta2), largest), add(abs(step), constant(epsilon)));
    return { parameter: sub(parameter, mul(stepSize, div(nextM, nextLargest))), m: nextM, largest: nextLargest };
  },
});
