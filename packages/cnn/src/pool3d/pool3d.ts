/** Pooling over volumes. */
import { max, mul, reshape, sum, windowGather } from '@dendrite/core';
import { DendriteError, type Shape, type Tensor } from '@dendrite/spec';
import {
  type Borders,
  bordersOf,
  type Each,
  eachOf,
  type SpatialPadding,
  spatialAxes,
  windowsOf,
} from '../window/spatial.ts';

export interface Pool3dOptions {
  /** Window, in voxels. */
  readonly size: Each;
  /** Step between windows; default: the size. */
  readonly stride?: Each;
  readonly padding?: SpatialPadding;
}
export interface AvgPool3dOptions extends Pool3dOptions {
  /** Whether padding counts as zeros in the mean; default false. */
  readonly countPadding?: boolean;
}
interface Geometry {
  readonly spatial: Shape;
  readonly counts: Shape;
  readonly window: {
    readonly size: readonly number[];
    readonly stride: readonly number[];
    readonly dilation: readonly number[];
  };
  readonly borders: Borders;
}

/** @throws OPTION, SHAPE */
export function pool3dGeometry(
  owner: string,
  x: Shape,
  { size, stride = size, padding = 'valid' }: Pool3dOptions,
): Geometry {
  const spatial = spatialAxes(owner, x, 3);
  const window = {
    size: eachOf(owner, 'size', size, 1, 3),
    stride: eachOf(owner, 'stride', stride, 1, 3),
    dilation: [1, 1, 1],
  };
  const borders = bordersOf(owner, padding, spatial, window);
  for (const [axis, taps] of window.size.entries())
    if (Math.max(borders.before[axis] ?? 0, borders.after[axis] ?? 0) >= taps)
      throw new DendriteError(
        'OPTION',
        `${owner}(): padding must be smaller than the window, got ${borders.before[axis]} and ${borders.after[axis]} for size ${taps}: a window would see nothing but padding.`,
      );
  return { spatial, window, borders, counts: windowsOf(owner, spatial, window, borders) };
}

/** `[B, …counts, taps, C]`. */
function windowsUnder(x: Tensor, { window, borders, counts }: Geometry, padValue: number): Tensor {
  const taps = window.size.reduce((a, b) => a * b, 1);
  return reshape(windowGather(x, { ...window, ...borders, padValue }), [
    x.shape[0] ?? 0,
    ...counts,
    taps,
    x.shape[4] ?? 0,
  ]);
}

/**
 * The largest value of each window: `[B, D, H, W, C]` → `[B, D', H', W', C]`. Padding never wins, and a NaN does.
 * @param options.size     window, a number or three of them
 * @param options.stride   default: the size
 * @param options.padding  `'valid'` (default), `'same'`, a number, three of them or `{ before, after }`, smaller than the size
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dy goes to the largest element of each window, in equal parts to equal ones
 * @example
 * import { maxPool3d } from '@dendrite/cnn/ops';
 * import { ones } from '@dendrite/core';
 * maxPool3d(ones([1, 4, 6, 6, 2]), { size: 2 }).shape; // [1, 2, 3, 3, 2]
 */
export function maxPool3d(x: Tensor, options: Pool3dOptions): Tensor {
  const geometry = pool3dGeometry('maxPool3d', x.shape, options);
  return x.runtime.scope(() => max(windowsUnder(x, geometry, Number.NEGATIVE_INFINITY), { axes: 4 }));
}

/**
 * The mean of each window: `[B, D, H, W, C]` → `[B, D', H', W', C]`.
 * @param options.size          window, a number or three of them
 * @param options.stride        default: the size
 * @param options.padding       `'valid'` (default), `'same'`, a number, three of them or `{ before, after }`, smaller than the size
 * @param options.countPadding  whether padding counts as zeros, default false
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dx = dy / count to each element of the window
 * @example
 * import { avgPool3d } from '@dendrite/cnn/ops';
 * import { ones } from '@dendrite/core';
 * avgPool3d(ones([1, 4, 6, 6, 2]), { size: 2 }).shape; // [1, 2, 3, 3, 2]
 */
export function avgPool3d(x: Tensor, { countPadding = false, ...options }: AvgPool3dOptions): Tensor {
  const geometry = pool3dGeometry('avgPool3d', x.shape, options);
  return x.runtime.scope(() => mul(sum(windowsUnder(x, geometry, 0), { axes: 4 }), shares(x, geometry, countPadding)));
}

/** One over how many elements each window averages: `[…counts, 1]`. */
function shares(like: Tensor, { spatial, counts, window, borders }: Geometry, countPadding: boolean): Tensor {
  const seen = (axis: number, i: number): number => {
    const taps = window.size[axis] ?? 1;
    const start = i * (window.stride[axis] ?? 1) - (borders.before[axis] ?? 0);
    return countPadding ? taps : Math.min(spatial[axis] ?? 0, start + taps) - Math.max(0, start);
  };
  const data = counts.reduce<number[]>(
    (made, count, axis) => made.flatMap((part) => Array.from({ length: count }, (_, i) => part / seen(axis, i))),
    [1],
  );
  return like.runtime.tensor(Float64Array.from(data), [...counts, 1], like.dtype);
}
