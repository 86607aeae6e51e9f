import { checkGradients, createRuntime } from '@dendrite/core';
import type { Runtime, Tensor } from '@dendrite/spec';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { binaryCrossEntropyWithLogits, meanSquaredError } from '../index.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime();
});
afterAll(() => runtime.dispose());
const vector = (...data: number[]): Tensor => runtime.tensor(Float64Array.from(data), [data.length], 'float64');
const values = async (x: Tensor): Promise<number[]> => [...(await x.data('float64'))];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test('binary cross-entropy is the formula, where that is exact', async () => {
  const [x, t] = [
    [-2, 0, 0.5, 3],
    [0, 1, 0.25, 1],
  ];
  const expected = x.map(
    (each, i) => -(t[i] ?? 0) * Math.log(sigmoid(each)) - (1 - (t[i] ?? 0)) * Math.log(1 - sigmoid(each)),
  );
  expect(await values(binaryCrossEntropyWithLogits(vector(...x), vector(...t), { reduction: 'none' }))).toEqual(
    expected.map((each) => expect.closeTo(each, 12)),
  );
  const weighted = x.map(
    (each, i) => -3 * (t[i] ?? 0) * Math.log(sigmoid(each)) - (1 - (t[i] ?? 0)) * Math.log(1 - sigmoid(each)),
  );
  expect(
    await values(binaryCrossEntropyWithLogits(vector(...x), vector(...t), { positiveWeight: 3, reduction: 'sum' })),
  ).toEqual([
    expect.closeTo(
      weighted.reduce((a, b) => a + b, 0),
      12,
    ),
  ]);
});
test('binary cross-entropy at logits of ±1000 neither overflows nor loses', async () => {
  expect(
    await values(
      binaryCrossEntropyWithLogits(vector(1000, -1000, 1000, -1000), vector(1, 0, 0, 1), { reduction: 'none' }),
    ),
  ).toEqual([0, 0, 1000, 1000]);
});
test('mean squared error and its reductions', async () => {
  expect(await values(meanSquaredError(vector(1, 2, 5), vector(1, 4, 1)))).toEqual([expect.closeTo(20 / 3, 12)]);
  expect(await values(meanSquaredError(vector(1, 2, 5), vector(1, 4, 1), { reduction: 'sum' }))).toEqual([20]);
  expect(await values(meanSquaredError(vector(1, 2, 5), vector(1, 4, 1), { reduction: 'none' }))).toEqual([0, 4, 16]);
});
test('gradients', async () => {
  const t = vector(0.2, 1, 0);
  for (const loss of [
    (x: Tensor) => binaryCrossEntropyWithLogits(x, t, { positiveWeight: [1, 2, 3] }),
    (x: Tensor) => meanSquaredError(x, t),
  ])
    expect((await checkGradients(loss, vector(0.3, -2, 1.5))).failures).toEqual([]);
});
test.each<[() => unknown, string, string]>([
  [
    () => meanSquaredError(runtime.tensor(new Float32Array(4), [4, 1]), runtime.tensor(new Float32Array(4))),
    'SHAPE',
    "meanSquaredError(): targets must have the outputs' shape [4, 1], got [4]. Reshape them: broadcasting would compare every row with every other.",
  ],
  [
    () => meanSquaredError(vector(1), runtime.tensor(new Float32Array(1))),
    'DTYPE',
    'targets must be float64 as the outputs are, got float32',
  ],
  [
    () => binaryCrossEntropyWithLogits(vector(1), vector(1), { positiveWeight: -1 }),
    'OPTION',
    'positiveWeight must be numbers of at least 0, got -1',
  ],
  [
    () => meanSquaredError(vector(1), vector(1), { reduction: 'average' as 'mean' }),
    'OPTION',
    "reduction must be 'mean' or 'sum' or 'none', got 'average'",
  ],
])('teaches by its error %#', (run, code, message) => {
  expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});
