/** Pooling over time: an image one row high. */
import { reshape } from '@dendrite/core';
import type { Shape, Tensor } from '@dendrite/spec';
import { avgPool2d } from '../avg-pool2d/avg-pool2d.ts';
import { maxPool2d } from '../max-pool2d/max-pool2d.ts';
import type { Both, Padding } from '../window/padding.ts';
import { bordersOf, eachOf, type SpatialPadding, spatialAxes, windowsOf } from '../window/spatial.ts';

export interface Pool1dOptions {
  /** Steps under a window. */
  readonly size: number;
  /** Step between windows; default: the size. */
  readonly stride?: number;
  readonly padding?: SpatialPadding;
}
export interface AvgPool1dOptions extends Pool1dOptions {
  /** Whether padding counts as zeros in the mean; default false. */
  readonly countPadding?: boolean;
}

interface RowPooling {
  readonly steps: number;
  readonly options: { readonly size: Both; readonly stride: Both; readonly padding: Padding };
}

/** The options of the image one row high, and how many windows there are. @throws OPTION, SHAPE */
export function pool1dGeometry(owner: string, x: Shape, options: Pool1dOptions): RowPooling {
  const { size, stride = size, padding = 'valid' } = options;
  const spatial = spatialAxes(owner, x, 1);
  const window = {
    size: eachOf(owner, 'size', size, 1, 1),
    stride: eachOf(owner, 'stride', stride, 1, 1),
    dilation: [1],
  };
  const borders = bordersOf(owner, padding, spatial, window);
  const row = (list: readonly number[], other: number): Both => [other, list[0] ?? 0];
  return {
    steps: windowsOf(owner, spatial, window, borders)[0] ?? 0,
    options: {
      size: row(window.size, 1),
      stride: row(window.stride, 1),
      padding: { before: row(borders.before, 0), after: row(borders.after, 0) },
    },
  };
}

function pooled(
  owner: string,
  x: Tensor,
  given: Pool1dOptions,
  pool: (image: Tensor, options: RowPooling['options']) => Tensor,
): Tensor {
  const { steps, options } = pool1dGeometry(owner, x.shape, given);
  const [batch = 0, length = 0, channels = 0] = x.shape;
  return x.runtime.scope(() =>
    reshape(pool(reshape(x, [batch, 1, length, channels]), options), [batch, steps, channels]),
  );
}

/**
 * The largest value of each window: `[B, T, C]` → `[B, T', C]`. Padding never wins, and a NaN in the window does.
 * @param options.size     steps under a window
 * @param options.stride   default: the size
 * @param options.padding  `'valid'` (default), `'same'`, `'causal'`, a number or `{ before, after }`, smaller than the size
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dy goes to the first largest element of each window
 * @example
 * import { maxPool1d } from '@dendrite/cnn/ops';
 * import { tensor } from '@dendrite/core';
 * await maxPool1d(tensor([1, 3, 2, 5], [1, 4, 1]), { size: 2 }).toArray(); // [[[3], [5]]]
 */
export const maxPool1d = (x: Tensor, options: Pool1dOptions): Tensor => pooled('maxPool1d', x, options, maxPool2d);

/**
 * The mean of each window: `[B, T, C]` → `[B, T', C]`.
 * @param options.size          steps under a window
 * @param options.stride        default: the size
 * @param options.padding       `'valid'` (default), `'same'`, `'causal'`, a number or `{ before, after }`, smaller than the size
 * @param options.countPadding  whether padding counts as zeros, default false
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dx = dy / count to each element of the window
 * @example
 * import { avgPool1d } from '@dendrite/cnn/ops';
 * import { tensor } from '@dendrite/core';
 * await avgPool1d(tensor([1, 3, 2, 6], [1, 4, 1]), { size: 2 }).toArray(); // [[[2], [4]]]
 */
export const avgPool1d = (x: Tensor, { countPadding = false, ...options }: AvgPool1dOptions): Tensor =>
  pooled('avgPool1d', x, options, (image, window) => avgPool2d(image, { ...window, countPadding }));
