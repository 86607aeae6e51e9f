/** Root mean square normalisation over the last axis: layer norm without its mean. */
import { fill, layer, reshape } from '@dendrite/core';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { normalisePowerOp } from '../normalise/normalise-power.ts';
import { checkOptions, positive } from '../option/check-options.ts';

export interface RmsNormOptions {
  readonly epsilon?: number;
}
export type RmsNorm = Layer<{ readonly scale: Tensor }, Readonly<Record<never, never>>>;

/**
 * `y = x / √(mean(x²) + epsilon) · scale` over each example's last axis; the same in training and prediction.
 * @param options.epsilon  above 0, default 1e-6
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for another width than it was made for
 * @source Zhang and Sennrich (2019)
 * @example
 * import { silu } from '@dendrite/core';
 * import { dense, rmsNorm, sequential } from '@dendrite/nn';
 * const block = sequential(rmsNorm(), dense(64), silu);
 */
export function rmsNorm(options: RmsNormOptions = {}): RmsNorm {
  checkOptions('rmsNorm', options, { epsilon: positive });
  const { epsilon = 1e-6 } = options;
  return layer<{ readonly scale: Tensor }>({
    name: 'nn/rms-norm',
    config: { epsilon },
    init({ runtime }, input) {
      const width = input.at(-1);
      if (width === undefined)
        throw new DendriteError('SHAPE', 'rmsNorm(): x must have a last axis, got a tensor without axes.');
      return { params: { scale: fill(runtime, { shape: [width] }, 1) }, output: input };
    },
    apply({ scale }, x) {
      if (x.shape.at(-1) !== scale.shape[0])
        throw new DendriteError(
          'SHAPE',
          `rmsNorm(): x must have ${scale.shape[0]} values on its last axis, got [${x.shape.join(', ')}].`,
        );
      const { size: width } = scale;
      const rows = reshape(x, [x.size / Math.max(1, width), width]);
      const [y = rows] = x.runtime.run(normalisePowerOp, [rows, scale], { epsilon });
      return reshape(y, x.shape);
    },
  });
}
