/** Layer normalisation over the last axis. */
import { add, layer, mean, mul, rsqrt, square, sub } from '@dendrite/core';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { checkOptions, positive } from '../option/check-options.ts';

export interface LayerNormOptions {
  readonly epsilon?: number;
}
export type LayerNorm = Layer<{ readonly scale: Tensor; readonly offset: Tensor }, Readonly<Record<never, never>>>;

/**
 * `y = (x − mean) / √(variance + epsilon) · scale + offset` over each example's last axis; the same in training and prediction.
 * @param options.epsilon  above 0, default 1e-5
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for another width than it was made for
 * @numerics two passes over the data
 * @source Ba, Kiros and Hinton (2016)
 * @example
 * import { gelu } from '@dendrite/core';
 * import { dense, layerNorm, sequential } from '@dendrite/nn';
 * const block = sequential(dense(64), layerNorm(), gelu);
 */
export function layerNorm(options: LayerNormOptions = {}): LayerNorm {
  checkOptions('layerNorm', options, { epsilon: positive });
  const { epsilon = 1e-5 } = options;
  return layer<{ readonly scale: Tensor; readonly offset: Tensor }>({
    name: 'nn/layer-norm',
    config: { epsilon },
    init({ runtime }, input) {
      const width = input.at(-1);
      if (width === undefined)
        throw new DendriteError('SHAPE', 'layerNorm(): x must have a last axis, got a tensor without axes.');
      return {
        params: {
          scale: runtime.tensor(new Float32Array(width).fill(1)),
          offset: runtime.tensor(new Float32Array(width)),
        },
        output: input,
      };
    },
    apply({ scale, offset }, x) {
      if (x.shape.at(-1) !== scale.shape[0])
        throw new DendriteError(
          'SHAPE',
          `layerNorm(): x must have ${scale.shape[0]} values on its last axis, got [${x.shape.join(', ')}].`,
        );
      const centred = sub(x, mean(x, { axes: -1, keepDims: true }));
      const spread = mean(square(centred), { axes: -1, keepDims: true });
      return add(mul(mul(centred, rsqrt(add(spread, epsilon))), scale), offset);
    },
  });
}
