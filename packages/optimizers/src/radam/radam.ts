/** RAdam: Adam that trusts its squares only when it has seen enough of them, a warm-up without a schedule. */
import type { Tree } from '@dendrite/spec';
import { add, constant, div, mul, penalised, runningMean, sqrt, sub } from '../formula/formula.ts';
import { fraction, notNegative, positive } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

export interface RadamOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}
export type RadamState = { readonly m: Tree; readonly v: Tree };

/**
 * Rectified Adam: with `ρ∞ = 2/(1 − beta2) − 1` and `ρₜ = ρ∞ − 2t·beta2ᵗ/(1 − beta2ᵗ)`, where `ρₜ > 5`
 * `p ← p − learningRate/(1 − beta1ᵗ) · rₜ · m · √(1 − beta2ᵗ) / (√v + epsilon)`,
 * `rₜ = √((ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ))`; before that (5 steps with the default beta2)
 * `p ← p − learningRate/(1 − beta1ᵗ) · m`.
 * @param options.learningRate  at least 0, default 0.001
 * @param options.beta1         memory of the mean, [0, 1), default 0.9
 * @param options.beta2         memory of the squares, [0, 1), default 0.999
 * @param options.epsilon       added after the root, above 0, default 1e-8
 * @param options.weightDecay   factor of the L2 penalty's gradient, default 0
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Liu et al. (2020), On the variance of the adaptive learning rate and beyond; formula of torch.optim.RAdam
 * @example
 * import { radam } from '@dendrite/optimizers';
 * const optimizer = radam({ learningRate: 1e-3 });
 */
export const radam: OptimizerFactory<RadamOptions, RadamState> = /*#__PURE__*/ defineOptimizer<
  RadamOptions,
  RadamState,
  'plainStep' | 'rectifiedStep'
>({
  name: 'optimizers/radam',
  factory: 'radam',
  options: {
    learningRate: [1e-3, notNegative],
    beta1: [0.9, fraction],
    beta2: [0.999, fraction],
    epsilon: [1e-8, positive],
    weightDecay: [0, notNegative],
  },
  slots: () => ({ m: 0, v: 0 }),
  scalars(step, rate, { beta1, beta2 }) {
    const most = 2 / (1 - beta2) - 1;
    const left = 1 - beta2 ** step;
    const seen = most - (2 * step * beta2 ** step) / left;
    const stepSize = rate / (1 - beta1 ** step);
    if (seen <= 5) return { plainStep: stepSize, rectifiedStep: 0 };
    const trust = Math.sqrt(((seen - 4) * (seen - 2) * most) / ((most - 4) * (most - 2) * seen));
    return { plainStep: 0, rectifiedStep: stepSize * trust * Math.sqrt(left) };
  },
  // One of the two steps is 0.
  update(
    { parameter, gradient, slots: { m, v }, scalars: { plainStep, rectifiedStep } },
    { beta1, beta2, epsilon, weightDecay },
  ) {
    const step = penalised(gradient, parameter, weightDecay);
    const nextM = runningMean(m, step, beta1);
    const nextV = runningMean(v, mul(step, step), beta2);
    const factor = add(plainStep, div(rectifiedStep, add(sqrt(nextV), constant(epsilon))));
    return { parameter: sub(parameter, mul(nextM, factor)), m: nextM, v: nextV };
  },
});
