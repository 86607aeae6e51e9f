/** Pooling over volumes. */
import { reshape } from '@dendrite/core';
import { type Attributes, DendriteError, type Op, type Shape, type Tensor } from '@dendrite/spec';
import { avgPool2dOp } from '../avg-pool2d/avg-pool2d.ts';
import { maxPool2dOp } from '../max-pool2d/max-pool2d.ts';
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

/** The planes first, then along the depth: extremes of extremes are those of the whole, and so are means, whose counts multiply. */
function pooled(x: Tensor, op: Op, { spatial, counts, window, borders }: Geometry, more: Attributes = {}): Tensor {
  const [batch = 0, , , , channels = 0] = x.shape;
  const [[depth = 0, height = 0, width = 0], [layers = 0, rows = 0, columns = 0]] = [spatial, counts];
  const pool = (images: Tensor, axes: readonly number[]): Tensor => {
    const of = (lengths: readonly number[], none: number): number[] => axes.map((axis) => lengths[axis] ?? none);
    const [size, stride] = [of(window.size, 1), of(window.stride, 1)];
    const [before, after] = [of(borders.before, 0), of(borders.after, 0)];
    const [made] = x.runtime.run(op, [images], { size, stride, before, after, ...more });
    return made ?? images;
  };
  return x.runtime.scope(() => {
    const planes = pool(reshape(x, [batch * depth, height, width, channels]), [1, 2]);
    // A column of planes is an image that is one pixel wide; there is no fourth axis.
    const columnsOfPlanes = reshape(planes, [batch, depth, 1, rows * columns * channels]);
    return reshape(pool(columnsOfPlanes, [0, 3]), [batch, layers, rows, columns, channels]);
  });
}

/**
 * The largest value of each window: `[B, D, H, W, C]` → `[B, D', H', W', C]`. Padding never wins, and a NaN does.
 * @param options.size     window, a number or three of them
 * @param options.stride   default: the size
 * @param options.padding  `'valid'` (default), `'same'`, a number, three of them or `{ before, after }`, smaller than the size
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dy goes to the first largest element of each window
 * @example
 * import { maxPool3d } from '@dendrite/cnn/ops';
 * import { ones } from '@dendrite/core';
 * maxPool3d(ones([1, 4, 6, 6, 2]), { size: 2 }).shape; // [1, 2, 3, 3, 2]
 */
export function maxPool3d(x: Tensor, options: Pool3dOptions): Tensor {
  return pooled(x, maxPool2dOp, pool3dGeometry('maxPool3d', x.shape, options));
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
  return pooled(x, avgPool2dOp, pool3dGeometry('avgPool3d', x.shape, options), { countPadding });
}
