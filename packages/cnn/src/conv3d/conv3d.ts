/** The convolution over volumes, or over the frames of a film. */
import { concat, pad, reshape, slice, transpose } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { conv2d } from '../conv2d/conv2d.ts';
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
 * @gradient that of conv2d, by which it is computed: the planes that a filter sees at a time are an image with as many times the channels
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
  const [taps = 0, ...plane] = window.size;
  const [batch = 0] = x.shape;
  const [layers = 0, ...rest] = counts;
  const inPlane = (list: readonly number[]): readonly [number, number] => [list[1] ?? 0, list[2] ?? 0];
  return x.runtime.scope(() => {
    const [front = 0, back = 0] = [borders.before[0], borders.after[0]];
    const deep = front + back > 0 ? pad(x, { before: [0, front, 0, 0, 0], after: [0, back, 0, 0, 0] }) : x;
    const [step = 1, apart = 1] = [window.stride[0], window.dilation[0]];
    const seen = Array.from({ length: taps }, (_, tap) =>
      reshape(
        slice(deep, {
          begin: [0, tap * apart],
          size: [batch, layers, ...deep.shape.slice(2)],
          step: [1, step],
        }),
        [batch * layers, ...spatial.slice(1), groups, own],
      ),
    );
    const planes = reshape(concat(seen, { axis: 4 }), [batch * layers, ...spatial.slice(1), taps * channels]);
    const weights = reshape(transpose(filters, [1, 2, 0, 3, 4]), [...plane, taps * own, count]);
    const y = conv2d(planes, weights, {
      stride: inPlane(window.stride),
      dilation: inPlane(window.dilation),
      padding: { before: inPlane(borders.before), after: inPlane(borders.after) },
      groups,
    });
    return reshape(y, [batch, layers, ...rest, count]);
  });
}
