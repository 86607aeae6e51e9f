/** Max and average pooling as layers: no parameters, but options that a file remembers. */
import { layer } from '@dendrite/core';
import type { Json, Layer, Shape, Tensor } from '@dendrite/spec';
import { type AvgPoolOptions, avgPool2d as average, avgPoolAttributes } from '../avg-pool2d/avg-pool2d.ts';
import { maxPool2d as largest } from '../max-pool2d/max-pool2d.ts';
import { checkLayerOptions } from '../window/check-layer-options.ts';
import type { Pair } from '../window/padding.ts';
import { pairOf } from '../window/padding.ts';
import { type PoolOptions, poolAttributes } from '../window/pool-options.ts';
import { pairAttribute, windowAttributes, windowCount } from '../window/window-attributes.ts';
import { packages } from './packages.ts';

export type Pool2d = Layer<Readonly<Record<never, never>>, Readonly<Record<never, never>>>;

/**
 * The largest value of each window, `[B, H, W, C]` → `[B, H', W', C]`; see the op `maxPool2d` for the formula.
 * @param options  the window's size, or `{ size, stride = size, padding = 'valid' }`
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for images that do not fit
 * @example
 * import { maxPool2d } from '@dendrite/cnn';
 * const half = maxPool2d(2);
 */
export function maxPool2d(options: Pair | PoolOptions): Pool2d {
  const given = named<PoolOptions>('maxPool2d', options, ['size', 'stride', 'padding']);
  return pooling(
    'max-pool2d',
    given,
    (x) => largest(x, given),
    (input) => outputShape('maxPool2d', input, given),
  );
}

/**
 * The mean of each window, `[B, H, W, C]` → `[B, H', W', C]`; see the op `avgPool2d` for the formula.
 * @param options  the window's size, or `{ size, stride = size, padding = 'valid', countPadding = false }`
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for images that do not fit
 * @example
 * import { avgPool2d } from '@dendrite/cnn';
 * const half = avgPool2d(2);
 */
export function avgPool2d(options: Pair | AvgPoolOptions): Pool2d {
  const given = named<AvgPoolOptions>('avgPool2d', options, ['size', 'stride', 'padding', 'countPadding']);
  return pooling(
    'avg-pool2d',
    given,
    (x) => average(x, given),
    (input) => {
      avgPoolAttributes('avgPool2d', input, given);
      const { countPadding: _, ...window } = given;
      return outputShape('avgPool2d', input, window);
    },
  );
}

function named<O extends PoolOptions>(owner: string, options: Pair | O, names: readonly string[]): O {
  const given = (typeof options === 'number' || Array.isArray(options) ? { size: options } : options) as O;
  checkLayerOptions(owner, given, names);
  pairOf(owner, 'size', given.size, 1);
  if (given.stride !== undefined) pairOf(owner, 'stride', given.stride, 1);
  return given;
}

function outputShape(owner: string, input: Shape, options: PoolOptions): Shape {
  const attributes = poolAttributes(owner, input, options);
  const [batch = 0, height = 0, width = 0, channels = 0] = input;
  return [
    batch,
    ...windowCount(`${owner}()`, [height, width], pairAttribute(attributes, 'size'), windowAttributes(attributes)),
    channels,
  ];
}

function pooling(
  name: string,
  options: PoolOptions,
  apply: (x: Tensor) => Tensor,
  output: (input: Shape) => Shape,
): Pool2d {
  return layer<Readonly<Record<never, never>>>({
    name: `cnn/${name}`,
    config: { ...options } as Json,
    packages,
    init: (_key, input) => ({ params: {}, output: output(input) }),
    apply: (_params, x) => apply(x),
  });
}
