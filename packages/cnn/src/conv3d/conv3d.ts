/** The convolution over volumes, or over the frames of a film. */
import { concat, matmul, reshape, slice, windowGather } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { checkFilters } from '../window/grouped-filters.ts';
import { bordersOf, type Each, eachOf, type SpatialPadding, spatialAxes, windowsOf } from '../window/spatial.ts';

export interface Conv3dOpOptions {
  readonly stride?: Each;
  readonly padding?: SpatialPadding;
  readonly dilation?: Each;
  readonly groups?: number;
}

/**
 * Three-dimensional convolution (cross-correlation): windows of `x` times the filters, as `conv2d` with one axis more.
 * @param x        volumes `[B, depth, height, width, C]`, float32 or float64
 * @param filters  `[d, h, w, C / groups, D]`
 * @param options.stride    step between windows, default 1
 * @param options.padding   `'valid'` (default), `'same'`, a number, three of them or `{ before, after }`
 * @param options.dilation  step between the taps of a window, default 1
 * @param options.groups    channel groups that do not see each other, default 1
 * @returns  `[B, depth', height', width', D]`
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient of the window gather and the product that it is made of
 * @source Ji, Xu, Yang and Yu (2013), 3D convolutional networks
 * @example
 * import { conv3d } from '@dendrite/cnn/ops';
 * import { zeros } from '@dendrite/core';
 * conv3d(zeros([1, 4, 8, 8, 1]), zeros([2, 3, 3, 1, 5])).shape; // [1, 3, 6, 6, 5]
 */
export function conv3d(x: Tensor, filters: Tensor, options: Conv3dOpOptions = {}): Tensor {
  const { padding = 'valid', groups = 1 } = options;
  const spatial = spatialAxes('conv3d', x.shape, 3);
  const channels = x.shape[4] ?? 0;
  checkFilters('conv3d', filters.shape, 3, channels, groups);
  const window = {
    size: filters.shape.slice(0, 3),
    stride: eachOf('conv3d', 'stride', options.stride ?? 1, 1, 3),
    dilation: eachOf('conv3d', 'dilation', options.dilation ?? 1, 1, 3),
  };
  const borders = bordersOf('conv3d', padding, spatial, window);
  const counts = windowsOf('conv3d', spatial, window, borders);
  const [own = 0, count = 0] = filters.shape.slice(3);
  const positions = [x.shape[0] ?? 0, ...counts].reduce((a, b) => a * b, 1);
  const length = window.size.reduce((a, b) => a * b, own);
  const part = (from: Tensor, group: number, size: number): Tensor =>
    groups === 1 ? from : slice(from, { begin: [0, 0, 0, 0, group * size], size: [...from.shape.slice(0, 4), size] });
  return x.runtime.scope(() => {
    const parts = Array.from({ length: groups }, (_, group) => {
      const windows = windowGather(part(x, group, own), { ...window, ...borders });
      const weights = reshape(part(filters, group, count / groups), [length, count / groups]);
      return matmul(reshape(windows, [positions, length]), weights);
    });
    return reshape(groups === 1 && parts[0] ? parts[0] : concat(parts, { axis: 1 }), [
      x.shape[0] ?? 0,
      ...counts,
      count,
    ]);
  });
}
