/** Transposed convolutions with filters of their own, over images and over time. */
import { DendriteError, type Json, type Shape } from '@dendrite/spec';
import {
  type ConvTranspose1dOpOptions,
  convTranspose1d as overTime,
  rowOptions,
} from '../conv-transpose1d/conv-transpose1d.ts';
import {
  type ConvTranspose2dOpOptions,
  convTranspose2d as overImages,
  transposeGeometry,
} from '../conv-transpose2d/conv-transpose2d.ts';
import { type Pair, pairOf, spatialOf } from '../window/padding.ts';
import { eachOf, spatialAxes } from '../window/spatial.ts';
import { convolutionLayer, type Filtering, type FilterOptions, fansOf, positiveCount } from './convolution-layer.ts';

export interface ConvTranspose2dOptions extends ConvTranspose2dOpOptions, FilterOptions {
  /** How many: the channels of the output. */
  readonly filters: number;
  readonly size: Pair;
}
export interface ConvTranspose1dOptions extends ConvTranspose1dOpOptions, FilterOptions {
  /** How many: the channels of the output. */
  readonly filters: number;
  readonly size: number;
}

/** @throws OPTION  unless groups divide the filters and the channels */
function checkGroups(owner: string, groups: number, count: number, channels: number): void {
  if (!Number.isInteger(groups) || groups < 1 || count % groups !== 0 || channels % groups !== 0)
    throw new DendriteError(
      'OPTION',
      `${owner}(): groups must be a whole number that divides filters and channels, got ${groups} for ${count} filters and ${channels} channels.`,
    );
}
/** Filters `[…taps, filters / groups, channels]`: the fans of the convolution that goes the other way, exchanged. */
const fans = (shape: Shape, groups: number): { readonly in: number; readonly out: number } => {
  const { in: out, out: into } = fansOf(shape, groups);
  return { in: into, out };
};

/**
 * `y = activation(x ∗ᵀ filters + bias)`: `[B, H, W, C]` → `[B, H', W', filters]`; see the op `convTranspose2d` for the formula.
 * @param options.filters        how many
 * @param options.size           h and w, a number or `[height, width]`
 * @param options.stride         distance of neighbouring pixels in the output, default 1
 * @param options.padding        taken off the output: `'valid'` (default: nothing), `'same'` (H' = H · stride), a number, …
 * @param options.outputPadding  rows and columns added behind, below the stride, default 0
 * @param options.dilation       step between the taps of a filter, default 1
 * @param options.groups         channel groups that do not see each other, default 1
 * @param options.bias           default true; starts at 0
 * @param options.initializer    of the filters `[h, w, filters / groups, C]`, default `glorotUniform`
 * @param options.activation     a function of a tensor, default none
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for images that do not fit
 * @example
 * import { convTranspose2d } from '@dendrite/cnn';
 * import { relu } from '@dendrite/core';
 * const up = convTranspose2d({ filters: 16, size: 4, stride: 2, padding: 'same', activation: relu });
 */
export function convTranspose2d(options: ConvTranspose2dOptions): Filtering {
  const owner = 'convTranspose2d';
  const {
    filters: count,
    size,
    stride = 1,
    padding = 'valid',
    outputPadding,
    dilation = 1,
    groups = 1,
    ...rest
  } = options;
  positiveCount(owner, 'filters', count);
  const taps = pairOf(owner, 'size', size, 1);
  const windows = { stride, padding, dilation, groups, ...(outputPadding !== undefined && { outputPadding }) };
  return convolutionLayer(
    {
      owner,
      name: 'cnn/conv-transpose2d',
      own: { filters: count, size: taps, ...windows, padding: padding as Json },
      filters(input) {
        spatialOf(owner, input);
        const channels = input[3] ?? 0;
        checkGroups(owner, groups, count, channels);
        return [...taps, count / groups, channels];
      },
      fans: (shape) => fans(shape, groups),
      output: (input) => [
        input[0] ?? 0,
        ...transposeGeometry(owner, spatialOf(owner, input), taps, windows).spatial,
        count,
      ],
      run: (x, filters) => overImages(x, filters, windows),
    },
    rest,
  );
}

/**
 * `y = activation(x ∗ᵀ filters + bias)`: `[B, T, C]` → `[B, T', filters]`; see the op `convTranspose1d` for the formula.
 * @param options.filters  how many
 * @param options.size     steps that one step is laid over
 * @param options  further: `stride`, `padding`, `outputPadding`, `dilation`, `groups`, `bias`, `initializer`, `activation` as
 *   those of `convTranspose2d`
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for sequences that do not fit
 * @example
 * import { convTranspose1d } from '@dendrite/cnn';
 * const up = convTranspose1d({ filters: 8, size: 4, stride: 2, padding: 'same' });
 */
export function convTranspose1d(options: ConvTranspose1dOptions): Filtering {
  const owner = 'convTranspose1d';
  const {
    filters: count,
    size,
    stride = 1,
    padding = 'valid',
    outputPadding,
    dilation = 1,
    groups = 1,
    ...rest
  } = options;
  positiveCount(owner, 'filters', count);
  eachOf(owner, 'size', size, 1, 1);
  const windows = { stride, padding, dilation, groups, ...(outputPadding !== undefined && { outputPadding }) };
  return convolutionLayer(
    {
      owner,
      name: 'cnn/conv-transpose1d',
      own: { filters: count, size, ...windows, padding: padding as Json },
      filters(input) {
        spatialAxes(owner, input, 1);
        const channels = input[2] ?? 0;
        checkGroups(owner, groups, count, channels);
        return [size, count / groups, channels];
      },
      fans: (shape) => fans(shape, groups),
      output(input) {
        const [steps = 0] = spatialAxes(owner, input, 1);
        const { spatial } = transposeGeometry(owner, [1, steps], [1, size], rowOptions(windows));
        return [input[0] ?? 0, spatial[1], count];
      },
      run: (x, filters) => overTime(x, filters, windows),
    },
    rest,
  );
}
