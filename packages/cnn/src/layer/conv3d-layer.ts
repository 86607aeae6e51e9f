/** The convolution over volumes with filters of its own. */
import type { Json } from '@dendrite/spec';
import { type Conv3dOpOptions, conv3d as convolve } from '../conv3d/conv3d.ts';
import { checkFilters } from '../window/grouped-filters.ts';
import { bordersOf, type Each, eachOf, spatialAxes, windowsOf } from '../window/spatial.ts';
import { convolutionLayer, type Filtering, type FilterOptions, fansOf, positiveCount } from './convolution-layer.ts';

export interface Conv3dOptions extends Conv3dOpOptions, FilterOptions {
  /** How many: the channels of the output. */
  readonly filters: number;
  readonly size: Each;
}

/**
 * `y = activation(x ∗ filters + bias)`: `[B, D, H, W, C]` → `[B, D', H', W', filters]`; see the op `conv3d` for the formula.
 * @param options.filters      how many
 * @param options.size         a number or `[depth, height, width]`
 * @param options.stride       step between windows, default 1
 * @param options.padding      `'valid'` (default), `'same'`, a number, three of them or `{ before, after }`
 * @param options.dilation     step between the taps of a window, default 1
 * @param options.groups       channel groups that do not see each other, default 1
 * @param options.bias         default true; starts at 0
 * @param options.initializer  of the filters `[d, h, w, C / groups, filters]`, default `glorotUniform`
 * @param options.activation   a function of a tensor, default none
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for volumes that do not fit
 * @example
 * import { conv3d } from '@dendrite/cnn';
 * import { relu } from '@dendrite/core';
 * const layer = conv3d({ filters: 8, size: [2, 3, 3], activation: relu });
 */
export function conv3d(options: Conv3dOptions): Filtering {
  const { filters: count, size, stride = 1, padding = 'valid', dilation = 1, groups = 1, ...rest } = options;
  positiveCount('conv3d', 'filters', count);
  const window = {
    size: eachOf('conv3d', 'size', size, 1, 3),
    stride: eachOf('conv3d', 'stride', stride, 1, 3),
    dilation: eachOf('conv3d', 'dilation', dilation, 1, 3),
  };
  return convolutionLayer(
    {
      owner: 'conv3d',
      name: 'cnn/conv3d',
      own: { filters: count, size, stride, padding: padding as Json, dilation, groups },
      filters(input) {
        spatialAxes('conv3d', input, 3);
        const channels = input[4] ?? 0;
        const shape = [...window.size, Math.floor(channels / groups), count];
        checkFilters('conv3d', shape, 3, channels, groups);
        return shape;
      },
      fans: (shape) => fansOf(shape, groups),
      output(input) {
        const spatial = spatialAxes('conv3d', input, 3);
        return [
          input[0] ?? 0,
          ...windowsOf('conv3d', spatial, window, bordersOf('conv3d', padding, spatial, window)),
          count,
        ];
      },
      run: (x, filters) => convolve(x, filters, { stride, padding, dilation, groups }),
    },
    rest,
  );
}
