/**
 * Pooling on WASM beside the plain loops, number by number: vectors along rows and along channels, lanes of several windows, windows
 * that leave gaps, that overlap or see padding. The values are few, so that windows hold ties, NaN and infinities.
 */
import { avgPool2d, maxPool2d, type PoolOptions } from '@dendrite/cnn/ops';
import { add, mul, sum, valueAndGrad } from '@dendrite/core';
import { hostKey, uniforms } from '@dendrite/random';
import type { Runtime, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { openRuntime } from '../reference/machine.ts';

const reference = await openRuntime('cpu');
const ours = [await openRuntime('wasm'), await openRuntime('wasm-3')];
const few = [Number.NaN, Number.NEGATIVE_INFINITY, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3];

interface Geometry extends PoolOptions {
  readonly x: readonly [batch: number, height: number, width: number, channels: number];
}
const geometries: readonly Geometry[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 9, 14, 16, 36].map((channels): Geometry => ({ x: [2, 4, 10, channels], size: 2 })),
  { x: [3, 7, 9, 6], size: 2 },
  { x: [1, 9, 10, 3], size: 3 },
  { x: [2, 8, 11, 2], size: 2, stride: 3 },
  { x: [2, 6, 7, 5], size: 3, stride: 2 },
  { x: [2, 6, 7, 5], size: [2, 3], stride: 1 },
  { x: [1, 10, 12, 3], size: 5 },
  { x: [2, 7, 8, 6], size: 3, stride: 2, padding: 1 },
  { x: [2, 5, 6, 9], size: 2, padding: 'same' },
];
const drawn = (on: Runtime, label: string, { x }: Geometry, from: readonly number[]): Tensor =>
  on.tensor(
    Float32Array.from(
      uniforms(hostKey(5).fork(label), x[0] * x[1] * x[2] * x[3]),
      (u) => from[Math.floor(u * from.length)] ?? 0,
    ),
    x,
  );

test.each(geometries)('$x, size $size, stride $stride, padding $padding', async (geometry) => {
  const { x: _, ...options } = geometry;
  const everything = async (on: Runtime): Promise<readonly number[][]> => {
    const made: Tensor[] = [];
    for (const [pool, from] of [
      [maxPool2d, few],
      [avgPool2d, few.slice(2)],
    ] as const) {
      const x = drawn(on, 'x', geometry, from);
      const y = pool(x, options);
      const scale = on.tensor(
        Float32Array.from({ length: y.size }, (_, i) => (i % 37) + 1),
        y.shape,
      );
      const { gradients } = valueAndGrad((x: Tensor) => sum(mul(pool(x, options), scale)))(x);
      made.push(y, gradients);
    }
    // + 0 makes zeros of one sign.
    return Promise.all(made.map(async (each) => [...(await add(each, 0).data())]));
  };
  const wanted = await everything(reference);
  for (const on of ours) {
    const found = await everything(on);
    for (const [i, values] of found.entries())
      expect(values).toEqual(i < 2 ? wanted[i] : wanted[i]?.map((value) => expect.closeTo(value, 5)));
  }
});
