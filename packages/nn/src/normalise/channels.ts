/** Channels on the last axis, with a scale and an offset each: the parameters of group and instance norm. */
import { fill } from '@dendrite/core';
import { DendriteError, type Runtime, type Shape, type Tensor } from '@dendrite/spec';

export interface ScaleAndOffset {
  readonly scale: Tensor;
  readonly offset: Tensor;
}

/** Ones and zeros. */
export const scaleAndOffset = (runtime: Runtime, shape: Shape): ScaleAndOffset => ({
  scale: fill(runtime, { shape }, 1),
  offset: fill(runtime, { shape }, 0),
});

/** @throws SHAPE  unless it is `[batch, …, channels]` with as many channels as the layer was made for */
export function checkChannels(owner: string, x: Shape, channels?: number): number {
  const last = x.at(-1);
  if (last === undefined || x.length < 2)
    throw new DendriteError('SHAPE', `${owner}(): x must be [batch, …, channels], got [${x.join(', ')}].`);
  if (channels !== undefined && last !== channels)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): x must have ${channels} channels on its last axis, got [${x.join(', ')}]. It was made for ${channels}.`,
    );
  return last;
}
