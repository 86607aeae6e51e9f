/** The options that both poolings share, as their ops take them. */
import { type Attributes, DendriteError } from '@dendrite/spec';
import { type Padding, type Pair, paddingOf, pairOf, spatialOf } from './padding.ts';

export interface PoolOptions {
  /** Window, in pixels. */
  readonly size: Pair;
  /** Step between windows; default: the size, so that windows tile the image. */
  readonly stride?: Pair;
  readonly padding?: Padding;
}

/** size, stride, before, after. @throws OPTION, SHAPE */
export function poolAttributes(
  owner: string,
  x: readonly number[],
  { size, stride = size, padding = 'valid' }: PoolOptions,
): Attributes {
  const window = pairOf(owner, 'size', size, 1);
  const steps = pairOf(owner, 'stride', stride, 1);
  const { before, after } = paddingOf(owner, padding, spatialOf(owner, x), window, steps, [1, 1]);
  for (const axis of [0, 1] as const)
    if (before[axis] >= window[axis] || after[axis] >= window[axis])
      throw new DendriteError(
        'OPTION',
        `${owner}(): padding must be smaller than the window, got ${before[axis]} and ${after[axis]} for size ${window[axis]}: a window would see nothing but padding.`,
      );
  return { size: window, stride: steps, before, after };
}
