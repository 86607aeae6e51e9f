/** Group normalisation: over all positions and the channels of a group, example by example. */
import { layer } from '@dendrite/core';
import { DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { checkChannels, scaleAndOffset } from '../normalise/channels.ts';
import { normalisedGroups } from '../normalise/normalise-groups.ts';
import { checkOptions, count, positive } from '../option/check-options.ts';

export interface GroupNormOptions {
  /** Must divide the channels. */
  readonly groups: number;
  readonly epsilon?: number;
}
export type GroupNorm = Layer<{ readonly scale: Tensor; readonly offset: Tensor }, Readonly<Record<never, never>>>;

/**
 * `y = (x − mean) / √(variance + epsilon) · scale + offset`, mean and variance over an example's positions and one group of its
 * channels; scale and offset are a channel's. It does not depend on the batch: the same in training and prediction.
 * @param options.groups   how many, at least 1; neighbouring channels (the last axis) share a group
 * @param options.epsilon  above 0, default 1e-5
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for channels that do not fit
 * @numerics two passes over the data
 * @source Wu and He (2018)
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, groupNorm, sequential } from '@dendrite/nn';
 * const block = sequential(dense(64), groupNorm({ groups: 8 }), relu);
 */
export function groupNorm(options: GroupNormOptions): GroupNorm {
  checkOptions('groupNorm', options, { groups: count, epsilon: positive });
  const { groups, epsilon = 1e-5 } = options;
  if (groups === undefined)
    throw new DendriteError('OPTION', 'groupNorm(): groups must be given, got none. Write groupNorm({ groups: 8 }).');
  return layer<{ readonly scale: Tensor; readonly offset: Tensor }>({
    name: 'nn/group-norm',
    config: { groups, epsilon },
    init({ runtime }, input) {
      const channels = checkChannels('groupNorm', input);
      if (channels % groups !== 0)
        throw new DendriteError(
          'OPTION',
          `groupNorm(): groups must divide the channels, got ${groups} for ${channels}. Use a divisor of ${channels}.`,
        );
      return { params: scaleAndOffset(runtime, [channels]), output: input };
    },
    apply({ scale, offset }, x) {
      checkChannels('groupNorm', x.shape, scale.shape[0]);
      return normalisedGroups(x, scale, offset, { groups, epsilon });
    },
  });
}
