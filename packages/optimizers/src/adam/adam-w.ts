/** AdamW: Adam with weight decay beside the step instead of inside the gradient. */
import type { Optimizer } from '@dendrite/spec';
import { checkOptions, flag, fraction, notNegative } from '../option/check-options.ts';
import { makeOptimizer } from '../update/make-optimizer.ts';
import type { AdamOptions } from './adam.ts';
import { type AdamState, adamSlots, adamUpdate } from './adam-update.ts';

/**
 * AdamW: `p ← p·(1 − learningRate·weightDecay)`, then Adam's step on the plain gradient.
 * @param options.weightDecay   default 0.01; all other options and defaults are those of `adam`
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Loshchilov and Hutter (2019), Decoupled weight decay regularization; formula of torch.optim.AdamW
 * @example
 * import { adamW } from '@dendrite/optimizers';
 * const optimizer = adamW({ learningRate: 3e-4, weightDecay: 0.05 });
 */
export function adamW(options: AdamOptions = {}): Optimizer<AdamState> {
  checkOptions(
    'adamW',
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
  const {
    learningRate = 1e-3,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0.01,
    amsGrad = false,
  } = options;
  return makeOptimizer<AdamState>({
    name: 'optimizers/adam-w',
    config: { learningRate, beta1, beta2, epsilon, weightDecay, amsGrad },
    learningRate,
    op: adamUpdate,
    attributes: { beta1, beta2, epsilon, weightDecay: 0, amsGrad, decoupled: true },
    slots: adamSlots(amsGrad),
    scalarNames: ['stepSize', 'rootCorrection', 'shrink'],
    scalars: (step, rate) => ({
      stepSize: rate / (1 - beta1 ** step),
      rootCorrection: Math.sqrt(1 - beta2 ** step),
      shrink: 1 - rate * weightDecay,
    }),
  });
}
