/** NAdam: Adam that looks ahead along its mean, as Nesterov's momentum does. */
import type { Tree } from '@dendrite/spec';
import { add, constant, div, mul, penalised, runningMean, sqrt, sub } from '../formula/formula.ts';
import { flag, fraction, notNegative } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';

export interface NadamOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  readonly momentumDecay?: number;
  readonly legacyProduct?: boolean;
}
export type NadamState = { readonly m: Tree; readonly v: Tree };

/**
 * NAdam: `m` and `v` as in Adam, `μₜ = beta1·(1 − 0.96^(t·momentumDecay) / 2)`, `Πₜ = μ₁·…·μₜ`,
 * `p ← p − learningRate · ((1 − μₜ)/(1 − Πₜ)·g + μₜ₊₁/(1 − Πₜ₊₁)·m) / (√(v / (1 − beta2ᵗ)) + epsilon)`.
 * @param options.learningRate   at least 0, default 0.002
 * @param options.beta1          memory of the mean, [0, 1), default 0.9
 * @param options.beta2          memory of the squares, [0, 1), default 0.999
 * @param options.epsilon        added after the root, default 1e-8
 * @param options.weightDecay    factor of the L2 penalty's gradient, default 0
 * @param options.momentumDecay  how fast μ grows towards beta1, default 0.004
 * @param options.legacyProduct  `Πₜ·μₜ·μₜ₊₁` in place of `Πₜ₊₁`, as PyTorch 1.13.0a0 had it (the reference values are its own); to
 *   compare with such runs, default false
 * @throws OPTION  for an unknown option or a value out of its range
 * @numerics the products of μ are computed on the host in float64
 * @source Dozat (2016), Incorporating Nesterov momentum into Adam; formula of torch.optim.NAdam
 * @example
 * import { nadam } from '@dendrite/optimizers';
 * const optimizer = nadam({ learningRate: 2e-3 });
 */
export const nadam: OptimizerFactory<NadamOptions, NadamState> = /*#__PURE__*/ defineOptimizer<
  NadamOptions,
  NadamState,
  'gradientStep' | 'meanStep' | 'rootCorrection'
>({
  name: 'optimizers/nadam',
  factory: 'nadam',
  options: {
    learningRate: [2e-3, notNegative],
    beta1: [0.9, fraction],
    beta2: [0.999, fraction],
    epsilon: [1e-8, notNegative],
    weightDecay: [0, notNegative],
    momentumDecay: [4e-3, notNegative],
    legacyProduct: [false, flag],
  },
  slots: () => ({ m: 0, v: 0 }),
  scalars(step, rate, { beta1, beta2, momentumDecay, legacyProduct }) {
    const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));
    let product = 1;
    // Once the product is lost beside 1, further factors change nothing.
    for (let t = 1; t <= step && product > 2 ** -60; t++) product *= momentum(t);
    const now = momentum(step);
    const ahead = momentum(step + 1);
    const next = product * ahead * (legacyProduct ? now : 1);
    return {
      gradientStep: (rate * (1 - now)) / (1 - product),
      meanStep: (rate * ahead) / (1 - next),
      rootCorrection: Math.sqrt(1 - beta2 ** step),
    };
  },
  update(
    { parameter, gradient, slots: { m, v }, scalars: { gradientStep, meanStep, rootCorrection } },
    { beta1, beta2, epsilon, weightDecay },
  ) {
    const step = penalised(gradient, parameter, weightDecay);
    const nextM = runningMean(m, step, beta1);
    const nextV = runningMean(v, mul(step, step), beta2);
    const spread = add(div(sqrt(nextV), rootCorrection), constant(epsilon));
    const direction = div(add(mul(gradientStep, step), mul(meanStep, nextM)), spread);
    return { parameter: sub(parameter, direction), m: nextM, v: nextV };
  },
});
