/** Layers without parameters: pooling over time and volumes, pooling to a size, resizing. */
import { layer } from '@dendrite/core';
import type { Json, Shape, Tensor } from '@dendrite/spec';
import { adaptiveAvgPool2d as averageTo, adaptiveMaxPool2d as largestTo } from '../adaptive-pool2d/adaptive-pool2d.ts';
import {
  type AvgPool1dOptions,
  avgPool1d as average1d,
  maxPool1d as largest1d,
  type Pool1dOptions,
  pool1dGeometry,
} from '../pool1d/pool1d.ts';
import {
  type AvgPool3dOptions,
  avgPool3d as average3d,
  maxPool3d as largest3d,
  type Pool3dOptions,
  pool3dGeometry,
} from '../pool3d/pool3d.ts';
import { type Resize2dOptions, resize2d as resized, resizedLengths } from '../resize2d/resize2d.ts';
import { checkLayerOptions } from '../window/check-layer-options.ts';
import { type Pair, pairOf, spatialOf } from '../window/padding.ts';
import type { Each } from '../window/spatial.ts';
import { packages } from './packages.ts';
import type { Pool2d } from './pool2d-layer.ts';

const plain = (name: string, config: object, output: (input: Shape) => Shape, apply: (x: Tensor) => Tensor): Pool2d =>
  layer<Readonly<Record<never, never>>>({
    name: `cnn/${name}`,
    config: { ...config } as Json,
    packages,
    init: (_key, input) => ({ params: {}, output: output(input) }),
    apply: (_params, x) => apply(x),
  });
const pooling = ['size', 'stride', 'padding'];
/** A size by itself, or an object of options of these names. @throws OPTION */
function named<O extends object>(owner: string, options: Each | O, names: readonly string[]): O {
  const given = (typeof options === 'number' || Array.isArray(options) ? { size: options } : options) as O;
  checkLayerOptions(owner, given, names);
  return given;
}
const over1d =
  (owner: string, options: Pool1dOptions) =>
  (input: Shape): Shape => [input[0] ?? 0, pool1dGeometry(owner, input, options).steps, input[2] ?? 0];
const over3d =
  (owner: string, options: Pool3dOptions) =>
  (input: Shape): Shape => [input[0] ?? 0, ...pool3dGeometry(owner, input, options).counts, input[4] ?? 0];

/**
 * The largest value of each window of time, `[B, T, C]` → `[B, T', C]`.
 * @param options  the window's size, or `{ size, stride = size, padding = 'valid' }`
 * @throws OPTION, SHAPE
 */
export function maxPool1d(options: number | Pool1dOptions): Pool2d {
  const given = named<Pool1dOptions>('maxPool1d', options, pooling);
  return plain('max-pool1d', given, over1d('maxPool1d', given), (x) => largest1d(x, given));
}
/**
 * The mean of each window of time, `[B, T, C]` → `[B, T', C]`.
 * @param options  the window's size, or `{ size, stride = size, padding = 'valid', countPadding = false }`
 * @throws OPTION, SHAPE
 */
export function avgPool1d(options: number | AvgPool1dOptions): Pool2d {
  const given = named<AvgPool1dOptions>('avgPool1d', options, [...pooling, 'countPadding']);
  return plain('avg-pool1d', given, over1d('avgPool1d', given), (x) => average1d(x, given));
}
/**
 * The largest value of each window of a volume, `[B, D, H, W, C]` → `[B, D', H', W', C]`.
 * @param options  the window's size, or `{ size, stride = size, padding = 'valid' }`
 * @throws OPTION, SHAPE
 */
export function maxPool3d(options: Each | Pool3dOptions): Pool2d {
  const given = named<Pool3dOptions>('maxPool3d', options, pooling);
  return plain('max-pool3d', given, over3d('maxPool3d', given), (x) => largest3d(x, given));
}
/**
 * The mean of each window of a volume, `[B, D, H, W, C]` → `[B, D', H', W', C]`.
 * @param options  the window's size, or `{ size, stride = size, padding = 'valid', countPadding = false }`
 * @throws OPTION, SHAPE
 */
export function avgPool3d(options: Each | AvgPool3dOptions): Pool2d {
  const given = named<AvgPool3dOptions>('avgPool3d', options, [...pooling, 'countPadding']);
  return plain('avg-pool3d', given, over3d('avgPool3d', given), (x) => average3d(x, given));
}

const adaptive = (name: string, owner: string, size: Pair, apply: (x: Tensor, size: Pair) => Tensor): Pool2d => {
  const counts = pairOf(owner, 'size', size, 1);
  const output = (input: Shape): Shape => {
    spatialOf(owner, input);
    return [input[0] ?? 0, ...counts, input[3] ?? 0];
  };
  return plain(name, { size: counts }, output, (x) => apply(x, counts));
};
/** The mean over `size` windows that cover the image, `[B, H, W, C]` → `[B, …size, C]`. @throws OPTION, SHAPE */
export const adaptiveAvgPool2d = (size: Pair): Pool2d =>
  adaptive('adaptive-avg-pool2d', 'adaptiveAvgPool2d', size, averageTo);
/** The largest value of `size` windows that cover the image, `[B, H, W, C]` → `[B, …size, C]`. @throws OPTION, SHAPE */
export const adaptiveMaxPool2d = (size: Pair): Pool2d =>
  adaptive('adaptive-max-pool2d', 'adaptiveMaxPool2d', size, largestTo);

/**
 * Images in another size, `[B, H, W, C]` → `[B, H', W', C]`; see the op `resize2d` for the formulas.
 * @param options  `{ scale }` or `{ size }`, `method` `'nearest'` (default) or `'bilinear'`, `alignCorners` (bilinear only)
 * @throws OPTION, SHAPE
 * @example
 * import { resize2d } from '@dendrite/cnn';
 * const twice = resize2d({ scale: 2, method: 'bilinear' });
 */
export function resize2d(options: Resize2dOptions): Pool2d {
  checkLayerOptions('resize2d', options, ['size', 'scale', 'method', 'alignCorners']);
  resizedLengths([1, 2 ** 20, 2 ** 20, 1], options);
  const output = (input: Shape): Shape => [input[0] ?? 0, ...resizedLengths(input, options), input[3] ?? 0];
  return plain('resize2d', options, output, (x) => resized(x, options));
}
