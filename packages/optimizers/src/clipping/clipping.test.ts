import { createRuntime, leaves } from '@dendrite/core';
import type { Runtime, Tensor, Tree } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clipByGlobalNorm, clipByValue } from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());
const vector = (...data: number[]): Tensor => runtime.tensor(new Float64Array(data), [data.length], 'float64');
const numbers = async (tree: Tree): Promise<number[]> =>
  (await Promise.all(leaves(tree).map(({ tensor }) => tensor.data('float64')))).flatMap((data) => [...data]);

test('by value: every element for itself, NaN stays', async () => {
  expect(await numbers(clipByValue({ a: vector(-2, 0.3), b: [vector(Number.NaN, 7)] }, 0.5))).toEqual([
    -0.5,
    0.3,
    Number.NaN,
    0.5,
  ]);
  expect(() => clipByValue([vector(1)], 0)).toThrow('clipByValue(): limit must be above 0, got 0');
});

test.each([
  [2, 5],
  [1, 7],
  [Number.POSITIVE_INFINITY, 4],
  [3, 91 ** (1 / 3)],
])('by global norm of type %s: 3 and −4 have the length %s', async (normType, length) => {
  const { gradients, norm } = clipByGlobalNorm({ a: vector(3), b: vector(-4) }, 1, { normType });
  expect((await norm.data('float64'))[0]).toBeCloseTo(length, 12);
  const factor = 1 / (length + 1e-6);
  expect(await numbers(gradients)).toEqual([expect.closeTo(3 * factor, 12), expect.closeTo(-4 * factor, 12)]);
});

test('short gradients stay as they are, and nothing is left behind', async () => {
  const given = [vector(0.3, 0.4), vector()];
  const { gradients, norm } = clipByGlobalNorm(given, 1);
  expect(await numbers(gradients)).toEqual([0.3, 0.4]);
  for (const tensor of [...given, ...leaves(gradients).map((leaf) => leaf.tensor), norm]) tensor.dispose();
  expect(runtime.live().tensors).toBe(0);
});

test('a NaN norm stays visible', async () => {
  const { gradients, norm } = clipByGlobalNorm([vector(1, Number.NaN), vector(2)], 1);
  expect((await norm.data('float64'))[0]).toBeNaN();
  expect(await numbers(gradients)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(() => clipByGlobalNorm([], 1)).toThrow('gradients must hold a tensor, got an empty tree');
  expect(() => clipByGlobalNorm([vector(1)], -1)).toThrow('maxNorm must be above 0, got -1');
  expect(() => clipByGlobalNorm([vector(1)], 1, { normType: 0 })).toThrow('normType must be at least 1, got 0');
});
