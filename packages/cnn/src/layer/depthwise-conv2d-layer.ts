/** A convolution of each channel by itself. */
import type { Json } from '@dendrite/spec';
import { type Conv2dOpOptions, conv2dAttributes, conv2d as convolve } from '../conv2d/conv2d.ts';
import { type Pair, pairOf, spatialOf } from '../window/padding.ts';
import { windowAttributes, windowCount } from '../window/window-attributes.ts';
import { convolutionLayer, type Filtering, type FilterOptions, fansOf, positiveCount } from './convolution-layer.ts';

export interface DepthwiseConv2dOptions extends Omit<Conv2dOpOptions, 'groups'>, FilterOptions {
  readonly size: Pair;
  /** Filters of each channel. Default 1. */
  readonly multiplier?: number;
}

/**
 * `y = activation(x ∗ filters + bias)`, each channel with filters of its own: `[B, H, W, C]` → `[B, H', W', C · multiplier]`.
 * @param options.size         h and w, a number or `[height, width]`
 * @param options.multiplier   filters of each channel, default 1
 * @param options  further: `stride`, `padding`, `dilation`, `bias`, `initializer` (of `[h, w, 1, C · multiplier]`), `activation`
 *   as those of `conv2d`
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for images that do not fit
 * @source Sifre and Mallat (2014); Howard et al. (2017), MobileNets
 * @example
 * import { depthwiseConv2d } from '@dendrite/cnn';
 * import { relu6 } from '@dendrite/core';
 * const layer = depthwiseConv2d({ size: 3, padding: 'same', activation: relu6 });
 */
export function depthwiseConv2d(options: DepthwiseConv2dOptions): Filtering {
  const owner = 'depthwiseConv2d';
  const { size, multiplier = 1, stride = 1, padding = 'valid', dilation = 1, ...rest } = options;
  positiveCount(owner, 'multiplier', multiplier);
  const taps = pairOf(owner, 'size', size, 1);
  const windows = { stride, padding, dilation };
  return convolutionLayer(
    {
      owner,
      name: 'cnn/depthwise-conv2d',
      own: { size: taps, multiplier, ...windows, padding: padding as Json },
      filters(input) {
        spatialOf(owner, input);
        return [...taps, 1, (input[3] ?? 0) * multiplier];
      },
      fans: (shape) => fansOf(shape, (shape[3] ?? 1) / multiplier),
      output(input, [, , , count = 0]) {
        const counts = windowCount(
          `${owner}()`,
          spatialOf(owner, input),
          taps,
          windowAttributes(conv2dAttributes(owner, input, taps, windows)),
        );
        return [input[0] ?? 0, ...counts, count];
      },
      run: (x, filters) => convolve(x, filters, { ...windows, groups: (filters.shape[3] ?? 0) / multiplier }),
    },
    rest,
  );
}
