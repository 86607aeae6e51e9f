/** AdamW: Adam with weight decay beside the step instead of inside the gradient. */
import { mul, sub } from '../formula/formula.ts';
import { flag, fraction, notNegative } from '../option/check-options.ts';
import { defineOptimizer, type OptimizerFactory } from '../update/define-optimizer.ts';
import type { AdamOptions, AdamState } from './adam.ts';
import { adamCorrections, adamMoments } from './adam-moments.ts';

/**
 * AdamW: `p ← p·(1 − learningRate·weightDecay)`, then Adam's step on the plain gradient. To spare biases and norms the decay,
 * see `grouped`.
 * @param options.weightDecay   default 0.01; all other options and defaults are those of `adam`
 * @throws OPTION  for an unknown option or a value out of its range
 * @source Loshchilov and Hutter (2019), Decoupled weight decay regularization; formula of torch.optim.AdamW
 * @example
 * import { adamW } from '@dendrite/optimizers';
 * const optimizer = adamW({ learningRate: 3e-4, weightDecay: 0.05 });
 */
export const adamW: OptimizerFactory<AdamOptions, AdamState> = /*#__PURE__*/ defineOptimizer<
  AdamOptions,
  AdamState,
  'stepSize' | 'inverseRoot' | 'shrink'
>({
  name: 'optimizers/adam-w',
  factory: 'adamW',
  options: {
    learningRate: [1e-3, notNegative],
    beta1: [0.9, fraction],
    beta2: [0.999, fraction],
    epsilon: [1e-8, notNegative],
    weightDecay: [0.01, notNegative],
    amsGrad: [false, flag],
  },
  slots: ({ amsGrad }) => ({ m: 0, v: 0, ...(amsGrad && { largest: 0 }) }),
  scalars: (step, rate, options) => ({
    ...adamCorrections(step, rate, options),
    shrink: 1 - rate * options.weightDecay,
  }),
  update({ parameter, gradient, slots, scalars: { stepSize, inverseRoot, shrink } }, options) {
    const { direction, ...moments } = adamMoments(gradient, slots, inverseRoot, options);
    return { parameter: sub(mul(parameter, shrink), mul(stepSize, direction)), ...moments };
  },
});
