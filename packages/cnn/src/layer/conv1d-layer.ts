/** The convolution over time with filters of its own. */
import type { Json } from '@dendrite/spec';
import { type Conv1dOpOptions, conv1d as convolve } from '../conv1d/conv1d.ts';
import { checkFilters } from '../window/grouped-filters.ts';
import { bordersOf, eachOf, spatialAxes, windowsOf } from '../window/spatial.ts';
import { convolutionLayer, type Filtering, type FilterOptions, fansOf, positiveCount } from './convolution-layer.ts';

export interface Conv1dOptions extends Conv1dOpOptions, FilterOptions {
  /** How many: the channels of the output. */
  readonly filters: number;
  /** Steps under a window. */
  readonly size: number;
}

/**
 * `y = activation(x ∗ filters + bias)`: `[B, T, C]` → `[B, T', D]`; see the op `conv1d` for the formula.
 * @param options.filters      D, how many
 * @param options.size         steps under a window
 * @param options.stride       step between windows, default 1
 * @param options.padding      `'valid'` (default), `'same'`, `'causal'`, a number or `{ before, after }`
 * @param options.dilation     step between the taps of a window, default 1
 * @param options.groups       channel groups that do not see each other, default 1
 * @param options.bias         default true; starts at 0
 * @param options.initializer  of the filters `[size, C / groups, D]`, default `glorotUniform`
 * @param options.activation   a function of a tensor, default none
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for sequences that do not fit
 * @example
 * import { conv1d } from '@dendrite/cnn';
 * import { relu } from '@dendrite/core';
 * const layer = conv1d({ filters: 16, size: 3, padding: 'causal', dilation: 2, activation: relu });
 */
export function conv1d(options: Conv1dOptions): Filtering {
  const { filters: count, size, stride = 1, padding = 'valid', dilation = 1, groups = 1, ...rest } = options;
  positiveCount('conv1d', 'filters', count);
  const window = {
    size: eachOf('conv1d', 'size', size, 1, 1),
    stride: eachOf('conv1d', 'stride', stride, 1, 1),
    dilation: eachOf('conv1d', 'dilation', dilation, 1, 1),
  };
  return convolutionLayer(
    {
      owner: 'conv1d',
      name: 'cnn/conv1d',
      own: { filters: count, size, stride, padding: padding as Json, dilation, groups },
      filters(input) {
        spatialAxes('conv1d', input, 1);
        const channels = input[2] ?? 0;
        const shape = [size, Math.floor(channels / groups), count];
        checkFilters('conv1d', shape, 1, channels, groups);
        return shape;
      },
      fans: (shape) => fansOf(shape, groups),
      output(input) {
        const spatial = spatialAxes('conv1d', input, 1);
        return [
          input[0] ?? 0,
          ...windowsOf('conv1d', spatial, window, bordersOf('conv1d', padding, spatial, window)),
          count,
        ];
      },
      run: (x, filters) => convolve(x, filters, { stride, padding, dilation, groups }),
    },
    rest,
  );
}
