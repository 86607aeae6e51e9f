import type { Device, Shape } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callOp, type Dense, difference, float, noise, openDevice, variants } from '../device/device.fixture.ts';
import { forEachProduct, forEachTap, sizeOf, type WindowAttributes } from './reference.fixture.ts';

const random = (shape: Shape, seed: number): Dense => float(shape, noise(sizeOf(shape), seed));
const window = (
  size: number[],
  stride = [1, 1],
  dilation = [1, 1],
  before = [0, 0],
  after = before,
): WindowAttributes => ({ size, stride, dilation, before, after });

/** x, filters, window, groups. */
const convolutions: readonly (readonly [number[], number[], WindowAttributes, number])[] = [
  [[1, 5, 5, 1], [3, 3, 1, 1], window([3, 3]), 1],
  [[2, 7, 6, 3], [3, 2, 3, 4], window([3, 2], [1, 1], [1, 1], [1, 1], [1, 0]), 1],
  [[2, 7, 6, 3], [3, 3, 3, 5], window([3, 3], [2, 2], [1, 1], [1, 0], [1, 1]), 1],
  [[2, 9, 9, 3], [3, 3, 3, 5], window([3, 3], [1, 1], [2, 2], [2, 2]), 1],
  [[1, 9, 9, 2], [3, 3, 2, 4], window([3, 3], [2, 1], [2, 1], [1, 0], [0, 2]), 1],
  [[1, 8, 8, 2], [2, 2, 2, 3], window([2, 2], [3, 3]), 1],
  [[2, 8, 8, 4], [1, 1, 4, 3], window([1, 1], [2, 2]), 1],
  [[3, 12, 12, 1], [5, 5, 1, 6], window([5, 5], [1, 1], [1, 1], [2, 2]), 1],
  [[2, 6, 6, 4], [3, 3, 2, 6], window([3, 3], [1, 1], [1, 1], [1, 1]), 2],
  [[2, 6, 5, 3], [3, 3, 1, 6], window([3, 3], [1, 1], [1, 1], [1, 1]), 3],
  [[1, 7, 7, 4], [3, 3, 1, 4], window([3, 3], [2, 2], [1, 1], [0, 1], [1, 0]), 4],
  [[1, 9, 9, 4], [3, 3, 1, 4], window([3, 3], [1, 1], [2, 2]), 4],
  [[0, 5, 5, 2], [3, 3, 2, 3], window([3, 3]), 1],
];

/** x, window, countPadding, shift of the data. */
const poolings: readonly (readonly [number[], WindowAttributes, boolean, number])[] = [
  [[2, 6, 6, 3], window([2, 2], [2, 2]), false, 0],
  [[2, 6, 6, 3], window([2, 2], [2, 2]), false, -3],
  [[1, 7, 7, 2], window([3, 3], [2, 2], [1, 1], [1, 1]), false, -3],
  [[1, 7, 6, 2], window([3, 3], [1, 1], [1, 1], [1, 1]), true, -3],
  [[1, 5, 5, 1], window([3, 2], [2, 1], [1, 1], [0, 1], [1, 0]), false, 0],
  [[1, 5, 5, 1], window([3, 2], [2, 1], [1, 1], [0, 1], [1, 0]), true, 0],
  [[1, 33, 5, 1], window([3, 3], [3, 3]), false, 0],
];

describe.each(variants)('convolution and pooling on tfjs-%s', (variant) => {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(variant);
  }, 60_000);
  afterAll(async () => device.dispose());
  const run = async (
    name: string,
    inputs: readonly Dense[],
    shape: Shape,
    attributes: { readonly [name: string]: number | boolean | readonly number[] },
  ): Promise<number[]> => {
    const [got = []] = await callOp(device, name, inputs, { attributes, outputs: [{ shape, dtype: 'float32' }] });
    return got;
  };

  test.each(convolutions)(
    'conv2d of %o by %o: %o, groups %i, and its gradients',
    async (xShape, filterShape, w, groups) => {
      const [x, filters] = [random(xShape, 1), random(filterShape, 2)];
      const sums: number[] = [];
      const shape = forEachProduct(xShape, filterShape, w, groups, (i, f, o) => {
        sums[o] = (sums[o] ?? 0) + (x.data[i] ?? 0) * (filters.data[f] ?? 0);
      });
      const dy = random(shape, 3);
      const dx = new Array<number>(sizeOf(xShape)).fill(0);
      const dw = new Array<number>(sizeOf(filterShape)).fill(0);
      forEachProduct(xShape, filterShape, w, groups, (i, f, o) => {
        dx[i] = (dx[i] ?? 0) + (dy.data[o] ?? 0) * (filters.data[f] ?? 0);
        dw[f] = (dw[f] ?? 0) + (dy.data[o] ?? 0) * (x.data[i] ?? 0);
      });
      const { size, ...rest } = w;
      const attributes = { ...rest, groups };
      const y = Array.from({ length: sizeOf(shape) }, (_, o) => sums[o] ?? 0);
      expect(difference(await run('cnn/conv2d', [x, filters], shape, attributes), y), 'forward').toBeUndefined();
      expect(
        difference(
          await run('cnn/conv2d-input-gradient', [dy, filters], xShape, { ...attributes, spatial: xShape.slice(1, 3) }),
          dx,
        ),
        'input gradient',
      ).toBeUndefined();
      expect(
        difference(await run('cnn/conv2d-filter-gradient', [x, dy], filterShape, { ...attributes, size }), dw),
        'filter gradient',
      ).toBeUndefined();
    },
  );

  test.each(poolings)('pooling %o: %o, countPadding %s, shifted by %f', async (xShape, w, countPadding, shift) => {
    const x = float(
      xShape,
      noise(sizeOf(xShape), 4).map((v) => Math.fround(v + shift)),
    );
    const channels = xShape[3] ?? 1;
    const taps = sizeOf(w.size);
    const seen = new Map<number, number[]>();
    const gathered = forEachTap(xShape, w, (out, from) => {
      const [b = 0, i = 0, j = 0, tap = 0] = out;
      const place = ((b * 1000 + i) * 1000 + j) * 100 + (tap % channels);
      const list = seen.get(place) ?? [];
      seen.set(place, list);
      if (from) list.push(from.reduce((at, n, axis) => at * (xShape[axis] ?? 1) + n, 0));
    });
    const shape = [...gathered.slice(0, 3), channels];
    const windows = [...seen.entries()].sort(([a], [b]) => a - b).map(([, list]) => list);
    const dy = random(shape, 5);
    const dx = new Array<number>(sizeOf(xShape)).fill(0);
    windows.forEach((list, o) => {
      for (const i of list) dx[i] = (dx[i] ?? 0) + (dy.data[o] ?? 0) / (countPadding ? taps : list.length);
    });
    const mean = windows.map(
      (list) => list.reduce((sum, i) => sum + (x.data[i] ?? 0), 0) / (countPadding ? taps : list.length),
    );
    const { dilation: _, ...attributes } = w;
    expect(
      difference(await run('cnn/avg-pool2d', [x], shape, { ...attributes, countPadding }), mean),
      'mean',
    ).toBeUndefined();
    expect(
      difference(
        await run('cnn/avg-pool2d-gradient', [dy], xShape, {
          ...attributes,
          countPadding,
          spatial: xShape.slice(1, 3),
        }),
        dx,
      ),
      'gradient',
    ).toBeUndefined();
    const toFirst = new Array<number>(sizeOf(xShape)).fill(0);
    windows.forEach((list, o) => {
      const best = list.reduce((top, i) => ((x.data[i] ?? 0) > (x.data[top] ?? 0) ? i : top));
      toFirst[best] = (toFirst[best] ?? 0) + (dy.data[o] ?? 0);
    });
    const maxGradient = await run('cnn/max-pool2d-gradient', [x, dy], xShape, attributes);
    expect(difference(maxGradient, toFirst), 'gradient of the maximum').toBeUndefined();
    expect(await run('cnn/max-pool2d', [x], shape, attributes)).toEqual(
      windows.map((list) => Math.max(...list.map((i) => x.data[i] ?? 0))),
    );
  });

  test('max pooling passes NaN and −∞', async () => {
    const x = float(
      [1, 2, 6, 1],
      [Number.NaN, 1, 2, 3, -Infinity, -Infinity, 4, 5, 6, Number.NaN, -Infinity, -Infinity],
    );
    expect(
      await run('cnn/max-pool2d', [x], [1, 1, 3, 1], { size: [2, 2], stride: [2, 2], before: [0, 0], after: [0, 0] }),
    ).toEqual([Number.NaN, Number.NaN, -Infinity]);
  });

  test('the gradient of max pooling goes to the first of equal elements, and to NaN', async () => {
    const x = float([1, 2, 6, 1], [1, 1, 2, Number.NaN, -5, -4, 1, 1, Number.NaN, 3, -4, -6]);
    const window = { size: [2, 2], stride: [2, 2], before: [0, 0], after: [0, 0] };
    const got = await run('cnn/max-pool2d-gradient', [x, float([1, 1, 3, 1], [7, 8, 9])], [1, 2, 6, 1], window);
    expect(got).toEqual([7, 0, 0, 8, 0, 9, 0, 0, 0, 0, 0, 0]);
  });
});
