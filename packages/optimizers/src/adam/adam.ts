/** Adam: momentum over RMSProp, both freed of their bias towards 0. */
import type { Tree } from '@dendrite/spec';
import { mul, penalised, sub } from '../formula/formula.ts';
import { flag, fraction, notNegative } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';
import { adamCorrections, adamMoments } from './adam-moments.ts';

export interface AdamOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  readonly amsGrad?: boolean;
}
/** `largest` only with amsGrad. */
export type AdamState = { readonly m: Tree; readonly v: Tree; readonly largest?: Tree };

/**
 * Adam: `m ← beta1·m + (1 − beta1)·g`, `v ← beta2·v + (1 − beta2)·g²`,
 * `p ← p − learningRate/(1 − beta1ᵗ) · m / (√v / √(1 − beta2ᵗ) + epsilon)`.
 * @param options.learningRate  at least 0, default 0.001
 * @param options.beta1         memory of the mean, [0, 1), default 0.9
 * @param options.beta2         memory of the squares, [0, 1), default 0.999
 * @param options.epsilon       added after the root, default 1e-8
 * @param options.weightDecay   factor of the L2 penalty's gradient, default 0; decay that is not scaled by `v` is `adamW`
 * @param options.amsGrad       divide by the largest `v` so far, default false
 * @throws OPTION  for an unknown option or a value out of its range
 * @numerics the powers of beta are computed on the host in float64 and reach the device as step scalars
 * @source Kingma and Ba (2015); Reddi et al. (2018) for amsGrad; formula of torch.optim.Adam
 * @example
 * import { adam } from '@dendrite/optimizers';
 * const optimizer = adam({ learningRate: 1e-3 });
 */
export const adam: OptimizerFactory<AdamOptions, AdamState> = /*#__PURE__*/ defineOptimizer<
  AdamOptions,
  AdamState,
  'stepSize' | 'inverseRoot'
>({
  name: 'optimizers/adam',
  factory: 'adam',
  options: {
    learningRate: [1e-3, notNegative],
    beta1: [0.9, fraction],
    beta2: [0.999, fraction],
    epsilon: [1e-8, notNegative],
    weightDecay: [0, notNegative],
    amsGrad: [false, flag],
  },
  slots: ({ amsGrad }) => ({ m: 0, v: 0, ...(amsGrad && { largest: 0 }) }),
  scalars: adamCorrections,
  update({ parameter, gradient, slots, scalars: { stepSize, inverseRoot } }, options) {
    const step = penalised(gradient, parameter, options.weightDecay);
    const { direction, ...moments } = adamMoments(step, slots, inverseRoot, options);
    return { parameter: sub(parameter, mul(stepSize, direction)), ...moments };
  },
});
