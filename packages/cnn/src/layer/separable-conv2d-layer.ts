/** A convolution in two parts: over space, channel by channel, then over channels, pixel by pixel. */
import { add, fill, layer } from '@dendrite/core';
import { type ActivationOption, activationJson, glorotUniform, type Initializer, initializerJson } from '@dendrite/nn';
import type { Json, Layer, Tensor } from '@dendrite/spec';
import { conv2d as convolve } from '../conv2d/conv2d.ts';
import { checkLayerOptions } from '../window/check-layer-options.ts';
import { type Padding, type Pair, pairOf } from '../window/padding.ts';
import { positiveCount } from './convolution-layer.ts';
import { depthwiseConv2d } from './depthwise-conv2d-layer.ts';
import { packages } from './packages.ts';

export interface SeparableConv2dOptions {
  /** How many: the channels of the output. */
  readonly filters: number;
  readonly size: Pair;
  readonly stride?: Pair;
  readonly padding?: Padding;
  readonly dilation?: Pair;
  /** Channels between the two parts, for each of the input's. Default 1. */
  readonly multiplier?: number;
  readonly bias?: boolean;
  readonly initializer?: Initializer;
  readonly activation?: ActivationOption;
}
export type SeparableConv2d = Layer<
  { readonly depthwise: Tensor; readonly pointwise: Tensor; readonly bias?: Tensor },
  Readonly<Record<never, never>>
>;

/**
 * `y = activation((x ∗ depthwise) · pointwise + bias)`: `[B, H, W, C]` → `[B, H', W', filters]`, with about `1 / filters + 1 / size²`
 * of a plain convolution's products.
 * @param options.filters     how many
 * @param options.size        h and w, a number or `[height, width]`
 * @param options.multiplier  channels between the two parts, for each of the input's, default 1
 * @param options  further: `stride`, `padding`, `dilation`, `bias`, `initializer` (of both parts), `activation` as those of `conv2d`
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for images that do not fit
 * @source Sifre and Mallat (2014); Chollet (2017), Xception
 * @example
 * import { separableConv2d } from '@dendrite/cnn';
 * import { relu } from '@dendrite/core';
 * const layer = separableConv2d({ filters: 64, size: 3, padding: 'same', activation: relu });
 */
export function separableConv2d(options: SeparableConv2dOptions): SeparableConv2d {
  const owner = 'separableConv2d';
  checkLayerOptions(owner, options, [
    'filters',
    'size',
    'stride',
    'padding',
    'dilation',
    'multiplier',
    'bias',
    'initializer',
    'activation',
  ]);
  const {
    filters: count,
    size,
    stride = 1,
    padding = 'valid',
    dilation = 1,
    multiplier = 1,
    bias = true,
    initializer = glorotUniform,
    activation,
  } = options;
  positiveCount(owner, 'filters', count);
  positiveCount(owner, 'multiplier', multiplier);
  const taps = pairOf(owner, 'size', size, 1);
  const windows = { stride, padding, dilation };
  const spatial = depthwiseConv2d({ size: taps, multiplier, ...windows, bias: false, initializer });
  return layer<{ readonly depthwise: Tensor; readonly pointwise: Tensor; readonly bias?: Tensor }>({
    name: 'cnn/separable-conv2d',
    packages,
    config: {
      filters: count,
      size: taps,
      ...windows,
      padding: padding as Json,
      multiplier,
      bias,
      initializer: initializerJson(initializer),
      activation: activationJson(activation),
    },
    init(key, input) {
      const made = spatial.init(key.fork('depthwise'), input);
      const between = made.output.at(-1) ?? 0;
      const pointwise = initializer.make(key.fork('pointwise'), [1, 1, between, count], { in: between, out: count });
      return {
        params: {
          depthwise: made.params.filters,
          pointwise,
          ...(bias && { bias: fill(key.runtime, { shape: [count] }, 0) }),
        },
        output: [...made.output.slice(0, -1), count],
      };
    },
    apply({ depthwise, pointwise, bias: offset }, x, context) {
      const [between] = spatial.apply({ params: { filters: depthwise }, state: {} }, x, context);
      const product = convolve(between, pointwise);
      const y = offset === undefined ? product : add(product, offset);
      return activation === undefined ? y : activation(y);
    },
  });
}
