/** Batch normalisation over all axes but the last. */
import { add, fill, mul, reshape, rsqrt, sub } from '@dendrite/core';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { normaliseColumnsOp } from '../normalise/normalise.ts';
import { checkOptions, positive, share } from '../option/check-options.ts';

export interface BatchNormOptions {
  readonly momentum?: number;
  readonly epsilon?: number;
}
export type BatchNorm = Layer<
  { readonly scale: Tensor; readonly offset: Tensor },
  { readonly mean: Tensor; readonly variance: Tensor }
>;

/**
 * `y = (x − mean) / √(variance + epsilon) · scale + offset`, channel by channel (the last axis).
 * In training mean and variance are the batch's, and the running ones move by `momentum` towards them; the running variance
 * takes the unbiased one (÷ n − 1), as PyTorch's. In prediction the running ones are used.
 * With a single value a channel there is no variance to learn from: the running one stays as it is.
 * @param options.momentum  weight of the new value, [0, 1], default 0.1
 * @param options.epsilon   above 0, default 1e-5
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for other channels than it was made for
 * @numerics two passes over the data, no E[x²] − E[x]²
 * @source Ioffe and Szegedy (2015)
 * @example
 * import { relu } from '@dendrite/core';
 * import { batchNorm, dense, sequential } from '@dendrite/nn';
 * const block = sequential(dense(64, { bias: false }), batchNorm(), relu);
 */
export function batchNorm(options: BatchNormOptions = {}): BatchNorm {
  checkOptions('batchNorm', options, { momentum: share, epsilon: positive });
  const { momentum = 0.1, epsilon = 1e-5 } = options;
  const made: BatchNorm = {
    '~dendrite': 'layer',
    name: 'nn/batch-norm',
    config: { momentum, epsilon },
    init({ runtime }, input) {
      const channels = input.at(-1);
      if (channels === undefined || input.length < 2)
        throw new DendriteError('SHAPE', `batchNorm(): x must be [batch, …, channels], got [${input.join(', ')}].`);
      const filled = (value: number): Tensor => fill(runtime, { shape: [channels] }, value);
      return {
        params: { scale: filled(1), offset: filled(0) },
        state: { mean: filled(0), variance: filled(1) },
        output: input,
      };
    },
    apply({ params: { scale, offset }, state }, x, { training }) {
      const channels = scale.shape[0] ?? 0;
      if (x.shape.at(-1) !== channels)
        throw new DendriteError(
          'SHAPE',
          `batchNorm(): x must have ${channels} channels on its last axis, got [${x.shape.join(', ')}].`,
        );
      if (!training) {
        const factor = mul(rsqrt(add(state.variance, epsilon)), scale);
        return [add(mul(sub(x, state.mean), factor), offset), state];
      }
      const n = x.size / Math.max(1, channels);
      const inputs = [reshape(x, [n, channels]), scale, offset];
      const [y = x, average = x, spread = x] = x.runtime.run(normaliseColumnsOp, inputs, { epsilon });
      // The running values are no part of the loss.
      const next = x.runtime.untracked(() => ({
        mean: moved(state.mean, reshape(average, [channels]), momentum),
        variance:
          n > 1 ? moved(state.variance, mul(reshape(spread, [channels]), n / (n - 1)), momentum) : state.variance,
      }));
      return [reshape(y, x.shape), next];
    },
  };
  return Object.freeze(made);
}

const moved = (running: Tensor, current: Tensor, momentum: number): Tensor =>
  add(mul(running, 1 - momentum), mul(current, momentum));
