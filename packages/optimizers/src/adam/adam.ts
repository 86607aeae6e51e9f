/** Adam: momentum over RMSProp, both freed of their bias towards 0. */
import type { Optimizer } from '@dendrite/spec';
import { checkOptions, flag, fraction, notNegative } from '../option/check-options.ts';
import { makeOptimizer } from '../update/make-optimizer.ts';
import { type AdamState, adamSlots, adamUpdate } from './adam-update.ts';

export interface AdamOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  readonly amsGrad?: boolean;
}

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
export function adam(options: AdamOptions = {}): Optimizer<AdamState> {
  checkOptions(
    'adam',
    { ...options },
    {
      learningRate: notNegative,
      beta1: fraction,
      beta2: fraction,
      epsilon: notNegative,
      weightDecay: notNegative,
      amsGrad: flag,
    },
  );
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, amsGrad = false } = options;
  return makeOptimizer<AdamState>({
    name: 'optimizers/adam',
    config: { learningRate, beta1, beta2, epsilon, weightDecay, amsGrad },
    learningRate,
    op: adamUpdate,
    attributes: { beta1, beta2, epsilon, weightDecay, amsGrad, decoupled: false },
    slots: adamSlots(amsGrad),
    scalarNames: ['stepSize', 'rootCorrection'],
    scalars: (step, rate) => ({ stepSize: rate / (1 - beta1 ** step), rootCorrection: Math.sqrt(1 - beta2 ** step) }),
  });
}
