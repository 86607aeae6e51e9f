/** Layer normalisation over the last axis, or the last few. */
import { layer, reshape } from '@dendrite/core';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { scaleAndOffset } from '../normalise/channels.ts';
import { normaliseRowsOp } from '../normalise/normalise.ts';
import { checkOptions, count, positive } from '../option/check-options.ts';

export interface LayerNormOptions {
  readonly axes?: number;
  readonly epsilon?: number;
}
export type LayerNorm = Layer<{ readonly scale: Tensor; readonly offset: Tensor }, Readonly<Record<never, never>>>;

/**
 * `y = (x − mean) / √(variance + epsilon) · scale + offset` over each example's last axes; the same in training and prediction.
 * @param options.axes     how many of the last axes are normalised together, at least 1, default 1
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
  checkOptions('layerNorm', options, { axes: count, epsilon: positive });
  const { axes = 1, epsilon = 1e-5 } = options;
  return layer<{ readonly scale: Tensor; readonly offset: Tensor }>({
    name: 'nn/layer-norm',
    config: { axes, epsilon },
    init({ runtime }, input) {
      if (input.length < axes)
        throw new DendriteError(
          'SHAPE',
          `layerNorm(): x must have ${axes === 1 ? 'a last axis' : `${axes} axes to normalise`}, got [${input.join(', ')}].`,
        );
      return { params: scaleAndOffset(runtime, input.slice(-axes)), output: input };
    },
    apply({ scale, offset }, x) {
      if (String(x.shape.slice(-axes)) !== String(scale.shape))
        throw new DendriteError(
          'SHAPE',
          `layerNorm(): x must have ${scale.shape.join(' × ')} values on its last ${axes === 1 ? 'axis' : `${axes} axes`}, got [${x.shape.join(', ')}].`,
        );
      const { size: width } = scale;
      const rows = reshape(x, [x.size / Math.max(1, width), width]);
      const flat = [rows, reshape(scale, [width]), reshape(offset, [width])];
      const [y = rows] = x.runtime.run(normaliseRowsOp, flat, { epsilon });
      return reshape(y, x.shape);
    },
  });
}
