/** The convolution with filters of its own. */
import { add, fill, layer } from '@dendrite/core';
import { type ActivationOption, activationJson, glorotUniform, type Initializer, initializerJson } from '@dendrite/nn';
import { DendriteError, type Json, type Layer, type Tensor } from '@dendrite/spec';
import { conv2dAttributes, conv2d as convolve } from '../conv2d/conv2d.ts';
import { checkLayerOptions } from '../window/check-layer-options.ts';
import { type Padding, type Pair, pairOf } from '../window/padding.ts';
import { windowAttributes, windowCount } from '../window/window-attributes.ts';
import { packages } from './packages.ts';

export interface Conv2dOptions {
  /** How many: the channels of the output. */
  readonly filters: number;
  readonly size: Pair;
  readonly stride?: Pair;
  readonly padding?: Padding;
  readonly dilation?: Pair;
  readonly groups?: number;
  readonly bias?: boolean;
  readonly initializer?: Initializer;
  readonly activation?: ActivationOption;
}
export type Conv2d = Layer<{ readonly filters: Tensor; readonly bias: Tensor }, Readonly<Record<never, never>>>;
export type Conv2dWithoutBias = Layer<{ readonly filters: Tensor }, Readonly<Record<never, never>>>;

const names = ['filters', 'size', 'stride', 'padding', 'dilation', 'groups', 'bias', 'initializer', 'activation'];

/**
 * `y = activation(x ∗ filters + bias)`: `[B, H, W, C]` → `[B, H', W', D]` with `H' = floor((H + before + after − (h − 1)·dilation − 1) / stride) + 1`.
 * @param options.filters      D, how many
 * @param options.size         h and w, a number or `[height, width]`
 * @param options.stride       step between windows, default 1
 * @param options.padding      `'valid'` (default), `'same'`, a number, `[height, width]` or `{ before, after }`
 * @param options.dilation     step between the taps of a window, default 1
 * @param options.groups       channel groups that do not see each other, default 1; as many as channels is depthwise
 * @param options.bias         default true; starts at 0
 * @param options.initializer  of the filters `[h, w, C / groups, D]`, default `glorotUniform`
 * @param options.activation   a function of a tensor, default none
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for images that do not fit
 * @source LeCun et al. (1998), section II
 * @example
 * import { conv2d } from '@dendrite/cnn';
 * import { relu } from '@dendrite/core';
 * const stem = conv2d({ filters: 32, size: 3, padding: 'same', activation: relu });
 */
export function conv2d(options: Conv2dOptions & { readonly bias: false }): Conv2dWithoutBias;
export function conv2d(options: Conv2dOptions): Conv2d;
export function conv2d(options: Conv2dOptions): Conv2d | Conv2dWithoutBias {
  checkLayerOptions('conv2d', options, names);
  const {
    filters: count,
    stride = 1,
    padding = 'valid',
    dilation = 1,
    groups = 1,
    bias = true,
    initializer = glorotUniform,
    activation,
  } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new DendriteError(
      'OPTION',
      `conv2d(): filters must be a whole number of at least 1, got ${String(count)}. Write conv2d({ filters: 6, size: 5 }).`,
    );
  if (!Number.isInteger(groups) || groups < 1 || count % groups !== 0)
    throw new DendriteError(
      'OPTION',
      `conv2d(): groups must be a whole number that divides filters, got ${groups} for ${count} filters.`,
    );
  const size = pairOf('conv2d', 'size', options.size, 1);
  pairOf('conv2d', 'stride', stride, 1);
  pairOf('conv2d', 'dilation', dilation, 1);
  const windows = { stride, padding, dilation, groups };
  const config: Json = {
    filters: count,
    size,
    stride,
    padding: padding as Json,
    dilation,
    groups,
    bias,
    initializer: initializerJson(initializer),
    activation: activationJson(activation),
  };
  return layer<{ readonly filters: Tensor; readonly bias?: Tensor }>({
    name: 'cnn/conv2d',
    config,
    packages,
    init(key, input) {
      const attributes = conv2dAttributes('conv2d', input, size, windows);
      const [batch = 0, height = 0, width = 0, channels = 0] = input;
      if (channels % groups !== 0)
        throw new DendriteError(
          'OPTION',
          `conv2d(): groups must divide the channels of x, got ${groups} for ${channels} channels.`,
        );
      const [rows, columns] = windowCount('conv2d()', [height, width], size, windowAttributes(attributes));
      const taps = size[0] * size[1];
      const filters = initializer.make(key.fork('filters'), [...size, channels / groups, count], {
        in: (taps * channels) / groups,
        out: (taps * count) / groups,
      });
      const params = bias ? { filters, bias: fill(key.runtime, { shape: [count] }, 0) } : { filters };
      return { params, output: [batch, rows, columns, count] };
    },
    apply({ filters, bias: offset }, x) {
      const product = convolve(x, filters, windows);
      const y = offset === undefined ? product : add(product, offset);
      return activation === undefined ? y : activation(y);
    },
  }) as Conv2d;
}
