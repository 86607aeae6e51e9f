import { createRuntime } from '@dendrite/core';
import type { Runtime } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initializer,
  initializerFrom,
  initializerJson,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  zeros,
} from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());
const draw = async (made: Initializer, shape: readonly number[], seed = 1): Promise<number[]> => [
  ...(await made.make(runtime.key(seed), shape, { in: shape[0] ?? 1, out: shape[1] ?? 1 }).data()),
];

test.each([
  ['glorotUniform', glorotUniform, 2 / 300],
  ['glorotNormal', glorotNormal, 2 / 300],
  ['heUniform', heUniform, 2 / 200],
  ['heNormal', heNormal, 2 / 200],
  ['lecunUniform', lecunUniform, 1 / 200],
  ['lecunNormal', lecunNormal, 1 / 200],
] as const)('%s has mean 0 and its variance', async (name, made, variance) => {
  const drawn = await draw(made, [200, 100]);
  const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
  const found = drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length;
  expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / drawn.length));
  expect(found / variance).toBeCloseTo(1, 1);
  const largest = drawn.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  if (name.endsWith('Uniform')) expect(largest).toBeLessThanOrEqual(Math.sqrt(3 * variance) + 1e-6);
  else expect(largest).toBeGreaterThan(3 * Math.sqrt(variance));
  expect(await draw(made, [200, 100])).toEqual(drawn);
  expect(await draw(made, [200, 100], 2)).not.toEqual(drawn);
});

test.each([[[3, 5]], [[5, 3]], [[4, 4]], [[2, 2, 3]], [[1, 1]]])(
  'orthogonal %j: the shorter side is orthonormal times gain',
  async (shape) => {
    const columns = shape.at(-1) ?? 1;
    const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    const m = await draw(orthogonal({ gain: 2 }), shape);
    const count = Math.min(rows, columns);
    const at = (i: number, k: number): number => (rows <= columns ? m[i * columns + k] : m[k * columns + i]) ?? 0;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) {
        let dot = 0;
        for (let k = 0; k < Math.max(rows, columns); k++) dot += at(i, k) * at(j, k);
        expect(dot).toBeCloseTo(i === j ? 4 : 0, 5);
      }
  },
);

test('constants', async () => {
  expect(await draw(zeros, [2])).toEqual([0, 0]);
  expect(await draw(ones, [2])).toEqual([1, 1]);
  expect(await draw(constant(-0.5), [3])).toEqual([-0.5, -0.5, -0.5]);
  expect(() => constant(Number.NaN)).toThrow('constant(): value must be a finite number, got NaN');
  expect(() => orthogonal({ gain: 0 })).toThrow('orthogonal(): gain must be a finite number above 0, got 0');
});

test('a file names them', async () => {
  for (const made of [glorotUniform, heNormal, constant(0.25), orthogonal({ gain: 3 })]) {
    const again = initializerFrom(JSON.parse(JSON.stringify(initializerJson(made))));
    expect(await draw(again, [3, 4])).toEqual(await draw(made, [3, 4]));
  }
  expect(() => initializerFrom({ name: 'toString' })).toThrow('initializer: name must be one of glorotUniform');
});
