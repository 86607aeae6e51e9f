/** Sizes, strides and paddings over any number of spatial axes: what sequences, volumes and transposed convolutions take. */
import { DendriteError, type Shape } from '@dendrite/spec';

/** A number for all spatial axes, or one for each. */
export type Each = number | readonly number[];
/** As `Padding` of images; `'causal'` (sequences only) puts all of it in front, so that no step sees a later one. */
export type SpatialPadding = 'same' | 'valid' | 'causal' | Each | { readonly before: Each; readonly after: Each };

export interface Borders {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** One whole number of at least `least` for each of `rank` axes. @throws OPTION */
export function eachOf(owner: string, name: string, value: Each | undefined, least: number, rank: number): number[] {
  const list: readonly number[] =
    typeof value === 'number' ? new Array<number>(rank).fill(value) : Array.isArray(value) ? value : [];
  if (list.length !== rank || list.some((number) => !Number.isInteger(number) || number < least))
    throw new DendriteError(
      'OPTION',
      `${owner}(): ${name} must be a whole number of at least ${least}${rank > 1 ? `, or ${rank} of them` : ''}, got ${JSON.stringify(value)}.`,
    );
  return [...list];
}

/** Elements in front of and behind each spatial axis. @throws OPTION */
export function bordersOf(
  owner: string,
  padding: SpatialPadding,
  spatial: Shape,
  { size, stride, dilation }: { readonly [K in 'size' | 'stride' | 'dilation']: readonly number[] },
): Borders {
  const rank = spatial.length;
  const reaches = size.map((taps, axis) => (taps - 1) * at(dilation, axis) + 1);
  if (padding === 'valid') return { before: size.map(() => 0), after: size.map(() => 0) };
  if (padding === 'causal' && rank === 1) return { before: reaches.map((reach) => reach - 1), after: [0] };
  if (padding === 'same') {
    const total = spatial.map((length, axis) => {
      const steps = at(stride, axis);
      return Math.max(0, (Math.ceil(length / steps) - 1) * steps + at(reaches, axis) - length);
    });
    return { before: total.map((all) => all >> 1), after: total.map((all) => all - (all >> 1)) };
  }
  if (typeof padding === 'string')
    throw new DendriteError(
      'OPTION',
      `${owner}(): padding must be 'same', 'valid'${rank === 1 ? ", 'causal'" : ''}, a number${rank > 1 ? `, ${rank} of them` : ''} or { before, after }, got '${padding}'.`,
    );
  if (typeof padding === 'object' && 'before' in padding)
    return {
      before: eachOf(owner, 'padding.before', padding.before, 0, rank),
      after: eachOf(owner, 'padding.after', padding.after, 0, rank),
    };
  const both = eachOf(owner, 'padding', padding, 0, rank);
  return { before: both, after: both };
}

/** Lengths of the spatial axes of `[batch, …spatial, channels]`. @throws SHAPE */
export function spatialAxes(owner: string, x: Shape, rank: 1 | 3): readonly number[] {
  if (x.length !== rank + 2)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): x must be ${rank === 1 ? 'sequences [batch, time, channels]' : 'volumes [batch, depth, height, width, channels]'}, got [${x.join(', ')}]. Reshape it.`,
    );
  return x.slice(1, -1);
}

/** How many windows there are along each axis. @throws SHAPE  if none fits */
export function windowsOf(
  owner: string,
  spatial: Shape,
  { size, stride, dilation }: { readonly [K in 'size' | 'stride' | 'dilation']: readonly number[] },
  { before, after }: Borders,
): number[] {
  return spatial.map((length, axis) => {
    const padded = length + at(before, axis) + at(after, axis);
    const reach = (at(size, axis) - 1) * at(dilation, axis) + 1;
    if (padded < reach)
      throw new DendriteError(
        'SHAPE',
        `${owner}(): windows must fit, got length ${length}${padded === length ? '' : ` (${padded} with its padding)`} for a window over ${reach}. Use padding 'same', or a smaller size.`,
      );
    return Math.floor((padded - reach) / at(stride, axis)) + 1;
  });
}

const at = (list: readonly number[], axis: number): number => list[axis] ?? 0;
