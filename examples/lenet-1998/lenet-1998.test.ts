/** The parts by the paper's numbers, gradients of what is written by hand here, and the program in a short form. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { layerConformance } from '@dendrite/conformance';
import { checkGradients, createRuntime, leaves, sum } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { digitCodes } from './digit-codes.ts';
import { discriminativeLoss, lenet1998 } from './network.ts';
import { connections, partialConvolution } from './partial-convolution.ts';
import { subsampling } from './subsampling.ts';

const runtime = await createRuntime();

test('it has the trained numbers of the paper, level by level', () => {
  const { params, output } = lenet1998().init(runtime.key(1), [1, 28, 28, 1]);
  const levels: Record<string, number> = {};
  for (const { path, tensor } of leaves(params)) {
    const [level = ''] = path.split('.');
    levels[level] = (levels[level] ?? 0) + tensor.size;
  }
  expect(levels).toEqual({ c1: 156, s2: 12, c3: 1516, s4: 32, c5: 48_120, f6: 10_164 });
  expect(Object.values(levels).reduce((a, b) => a + b)).toBe(60_000);
  expect(output).toEqual([1, 10]);
});

test('C3 has 60 connections, and no two maps the same', () => {
  expect(connections.map((maps) => maps.length)).toEqual([3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6]);
  expect(new Set(connections.map((maps) => [...maps].sort().join()).values()).size).toBe(16);
});

test('a map of C3 does not feel the maps it does not see', async () => {
  const layer = partialConvolution();
  const key = runtime.key(2);
  const made = layer.init(key, [1, 5, 5, 6]);
  const apply = async (data: Float32Array): Promise<Float32Array> =>
    layer.apply(made, runtime.tensor(data, [1, 5, 5, 6]), { training: false, key })[0].data();
  const flat = await apply(new Float32Array(150).fill(0.5));
  const lit = await apply(Float32Array.from({ length: 150 }, (_, i) => (i % 6 === 3 ? 2 : 0.5)));
  expect([...lit].map((value, map) => value !== flat[map])).toEqual(connections.map((maps) => maps.includes(3)));
});

describe.each([
  { name: 'subsampling', make: subsampling, input: { shape: [2, 4, 6, 3] }, output: [2, 2, 3, 3], parameters: 6 },
  {
    name: 'partial convolution',
    make: partialConvolution,
    input: { shape: [1, 5, 6, 6] },
    output: [1, 1, 2, 16],
    parameters: 1516,
  },
])('$name', ({ name, make, ...kit }) => {
  // Differences of 1,516 parameters take too long, and a gather and a convolution are checked where they are defined.
  const gradients = name === 'subsampling' ? { checkGradients } : {};
  for (const each of layerConformance(make, { runtime, ...kit, ...gradients })) test(each.name, each.run);
});

test('the loss: near the truth is good, far from all is not worse than rubbish, and its gradient is right', async () => {
  const outputs = (data: readonly number[]): Tensor => runtime.tensor(Float64Array.from(data), [2, 3], 'float64');
  const codes = runtime.tensor(Int32Array.of(2, 0));
  const losses = await discriminativeLoss(outputs([-9, -9, 0, -50, -50, -50]), codes, { reduction: 'none' }).data(
    'float64',
  );
  expect([...losses]).toEqual([
    expect.closeTo(Math.log(Math.exp(-0.1) + 1 + 2 * Math.exp(-9)), 12),
    expect.closeTo(50 - 0.1, 12),
  ]);
  const report = await checkGradients(
    (given: Tensor) => sum(discriminativeLoss(given, codes, { reduction: 'none' })),
    outputs([-1, -2, -0.5, -3, -0.1, -2]),
  );
  expect(report.failures).toEqual([]);
});

test('the codes are ten different drawings', () => {
  expect(digitCodes).toHaveLength(840);
  const differences = Array.from({ length: 10 }, (_, a) =>
    Array.from({ length: 10 }, (__, b) => {
      let count = 0;
      for (let i = 0; i < 84; i++) if (digitCodes[a * 84 + i] !== digitCodes[b * 84 + i]) count++;
      return a === b ? 84 : count;
    }),
  ).flat();
  expect(Math.min(...differences)).toBeGreaterThanOrEqual(4);
});

test('a short run is better than one layer of weights', () => {
  const program = ['--conditions=@dendrite/source', join(import.meta.dirname, 'main.ts'), '--short'];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  expect(stdout + stderr).toContain('60,000 trained numbers');
  expect(stderr).toBe('');
  expect(status).toBe(0);
}, 120_000);
