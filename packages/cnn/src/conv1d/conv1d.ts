/** The convolution over time: an image one row high. */
import { reshape } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { conv2d } from '../conv2d/conv2d.ts';
import { checkFilters } from '../window/grouped-filters.ts';
import { bordersOf, eachOf, type SpatialPadding, spatialAxes, windowsOf } from '../window/spatial.ts';

export interface Conv1dOpOptions {
  readonly stride?: number;
  readonly padding?: SpatialPadding;
  readonly dilation?: number;
  readonly groups?: number;
}

/**
 * One-dimensional convolution (cross-correlation): `y[b, t, d] = Σ x[b, t·stride + u·dilation − before, c] · filters[u, c, d]`.
 * @param x        sequences `[B, T, C]`, float32 or float64
 * @param filters  `[size, C / groups, D]`
 * @param options.stride    step between windows, default 1
 * @param options.padding   `'valid'` (default), `'same'`, `'causal'` (no step sees a later one), a number or `{ before, after }`
 * @param options.dilation  step between the taps of a window, default 1
 * @param options.groups    channel groups that do not see each other, default 1
 * @returns  `[B, T', D]` with `T' = floor((T + before + after − (size − 1)·dilation − 1) / stride) + 1`
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient that of conv2d, by which it is computed
 * @source Waibel et al. (1989), time-delay networks; van den Oord et al. (2016) for causal dilated ones
 * @example
 * import { conv1d } from '@dendrite/cnn/ops';
 * import { tensor } from '@dendrite/core';
 * const x = tensor([1, 2, 4, 8], [1, 4, 1]);
 * const difference = tensor([-1, 1], [2, 1, 1]);
 * await conv1d(x, difference, { padding: 'causal' }).toArray(); // [[[1], [1], [2], [4]]]
 */
export function conv1d(x: Tensor, filters: Tensor, options: Conv1dOpOptions = {}): Tensor {
  const { padding = 'valid', groups = 1 } = options;
  const spatial = spatialAxes('conv1d', x.shape, 1);
  const [batch = 0, , channels = 0] = x.shape;
  checkFilters('conv1d', filters.shape, 1, channels, groups);
  const window = {
    size: filters.shape.slice(0, 1),
    stride: eachOf('conv1d', 'stride', options.stride ?? 1, 1, 1),
    dilation: eachOf('conv1d', 'dilation', options.dilation ?? 1, 1, 1),
  };
  const borders = bordersOf('conv1d', padding, spatial, window);
  const [steps = 0] = windowsOf('conv1d', spatial, window, borders);
  const row = (list: readonly number[], other: number): readonly [number, number] => [other, list[0] ?? 0];
  return x.runtime.scope(() => {
    const y = conv2d(reshape(x, [batch, 1, ...spatial, channels]), reshape(filters, [1, ...filters.shape]), {
      stride: row(window.stride, 1),
      dilation: row(window.dilation, 1),
      padding: { before: row(borders.before, 0), after: row(borders.after, 0) },
      groups,
    });
    return reshape(y, [batch, steps, filters.shape[2] ?? 0]);
  });
}
