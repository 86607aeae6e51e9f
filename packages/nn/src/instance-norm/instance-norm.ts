/** Instance normalisation: each channel of each example over its positions. */
import { layer } from '@dendrite/core';
import { DendriteError, type Layer, type Shape, type Tensor } from '@dendrite/spec';
import { checkChannels, scaleAndOffset } from '../normalise/channels.ts';
import { normalisedGroups } from '../normalise/normalise-groups.ts';
import { checkOptions, positive } from '../option/check-options.ts';

export interface InstanceNormOptions {
  readonly epsilon?: number;
}
export type InstanceNorm = Layer<{ readonly scale: Tensor; readonly offset: Tensor }, Readonly<Record<never, never>>>;

/**
 * `y = (x − mean) / √(variance + epsilon) · scale + offset`, mean and variance over the positions of one channel of one example:
 * contrast goes, form stays. The same in training and prediction.
 * @param options.epsilon  above 0, default 1e-5
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for inputs without positions or with other channels
 * @numerics two passes over the data
 * @source Ulyanov, Vedaldi and Lempitsky (2016)
 * @example
 * import { ones } from '@dendrite/core';
 * import { instanceNorm } from '@dendrite/nn';
 * const norm = instanceNorm();
 * const x = ones([2, 8, 8, 3]);
 * norm.init(x.runtime.key(1), x.shape).output; // [2, 8, 8, 3]
 */
export function instanceNorm(options: InstanceNormOptions = {}): InstanceNorm {
  checkOptions('instanceNorm', options, { epsilon: positive });
  const { epsilon = 1e-5 } = options;
  return layer<{ readonly scale: Tensor; readonly offset: Tensor }>({
    name: 'nn/instance-norm',
    config: { epsilon },
    init: ({ runtime }, input) => ({ params: scaleAndOffset(runtime, [withPositions(input)]), output: input }),
    apply({ scale, offset }, x) {
      const channels = withPositions(x.shape, scale.shape[0]);
      return normalisedGroups(x, scale, offset, { groups: channels, epsilon });
    },
  });
}

function withPositions(x: Shape, channels?: number): number {
  if (x.length < 3)
    throw new DendriteError(
      'SHAPE',
      `instanceNorm(): x must be [batch, positions…, channels], got [${x.join(', ')}]. For rows of features use layerNorm().`,
    );
  return checkChannels('instanceNorm', x, channels);
}
