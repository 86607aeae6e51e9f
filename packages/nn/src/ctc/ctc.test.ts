/** CTC where the case table cannot look: labels that do not fit, reductions, long sequences, leaks, wrong uses. */
import { createRuntime, sum, valueAndGrad } from '@dendrite/core';
import { hostKey, normals } from '@dendrite/random';
import type { Runtime, Tensor } from '@dendrite/spec';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ctcLoss } from '../index.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime();
});
afterAll(() => runtime.dispose());
const int32 = (data: readonly number[], shape: readonly number[]): Tensor =>
  runtime.tensor(Int32Array.from(data), shape, 'int32');
const zeros = (...shape: number[]): Tensor => runtime.tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

test('labels that do not fit: infinite or zero, and no gradient either way', async () => {
  for (const zeroInfinity of [false, true]) {
    const { value, gradients } = valueAndGrad((logits: Tensor) =>
      sum(ctcLoss(logits, int32([1, 1], [1, 2]), { zeroInfinity, reduction: 'none' })),
    )(zeros(1, 2, 3));
    expect(await value.item()).toBe(zeroInfinity ? 0 : Number.POSITIVE_INFINITY);
    expect(new Set(await gradients.data())).toEqual(new Set([0]));
  }
});

test('the mean is over labels first, then over sequences; lengths may be tensors', async () => {
  const logits = runtime.tensor(Float32Array.from(normals(hostKey(1), 30)), [2, 5, 3]);
  const labels = int32([1, 2, 2, 0], [2, 2]);
  const options = { labelLengths: int32([2, 1], [2]), inputLengths: int32([5, 4], [2]) };
  const [first = 0, second = 0] = await ctcLoss(logits, labels, { ...options, reduction: 'none' }).data();
  expect(await ctcLoss(logits, labels, options).item()).toBeCloseTo((first / 2 + second) / 2, 5);
  expect(await ctcLoss(logits, labels, { ...options, reduction: 'sum' }).item()).toBeCloseTo(first + second, 5);
});

test('300 steps in float32: finite, rows of the gradient add up to 0, nothing is left', async () => {
  const before = runtime.live();
  const logits = runtime.tensor(Float32Array.from(normals(hostKey(2), 300 * 8)), [1, 300, 8]);
  const labels = int32(
    Array.from({ length: 40 }, (_, i) => 1 + ((i * 5) % 7)),
    [1, 40],
  );
  const { value, gradients } = valueAndGrad((given: Tensor) => ctcLoss(given, labels))(logits);
  const data = await gradients.data();
  expect(await value.item()).toBeGreaterThan(0);
  for (let t = 0; t < 300; t++) expect(data.slice(8 * t, 8 * t + 8).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 5);
  for (const each of [logits, labels, value, gradients]) each.dispose();
  expect(runtime.live()).toEqual(before);
});

test.each<[() => unknown, string, string]>([
  [
    () => ctcLoss(zeros(2, 3), int32([1], [1, 1])),
    'SHAPE',
    'ctcLoss(): logits must be [batch, time, classes] with at least one step, got [2, 3].',
  ],
  [
    () => ctcLoss(zeros(1, 3, 2), zeros(1, 1)),
    'DTYPE',
    "labels must be int32, got float32. Cast them: cast(labels, 'int32').",
  ],
  [
    () => ctcLoss(zeros(2, 3, 2), int32([1], [1, 1])),
    'SHAPE',
    'labels must be [2, labels] for logits [2, 3, 2], got [1, 1].',
  ],
  [
    () => ctcLoss(zeros(1, 3, 2), int32([1], [1, 1]), { blank: 2 }),
    'OPTION',
    'blank must be below the number of classes 2, got 2.',
  ],
  [
    () => ctcLoss(zeros(1, 3, 2), int32([1], [1, 1]), { inputLengths: [4] }),
    'OPTION',
    'inputLengths must be 1 whole numbers from 1 to 3, got [4].',
  ],
  [
    () => ctcLoss(zeros(1, 3, 2), int32([1], [1, 1]), { labelLengths: zeros(1) }),
    'DTYPE',
    'labelLengths must be int32 [1], got float32 [1].',
  ],
  [
    () => ctcLoss(zeros(2, 3, 4), int32([1, 2, 3, 0], [2, 2])),
    'OPTION',
    'ctcLoss(): labels must be classes from 0 to 3 other than the blank 0, got 0. Give labelLengths',
  ],
  [
    () => ctcLoss(zeros(1, 3, 4), int32([4], [1, 1])),
    'OPTION',
    'ctcLoss(): labels must be classes from 0 to 3 other than the blank 0, got 4.',
  ],
  [
    () => ctcLoss(zeros(1, 3, 4), int32([0, -1], [1, 2]), { blank: 3 }),
    'OPTION',
    'ctcLoss(): labels must be classes from 0 to 3 other than the blank 3, got -1.',
  ],
])('teaches by its error %#', (run, code, message) => {
  expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test('blanks behind a row of labels fill it up, and are not read', async () => {
  const logits = runtime.tensor(
    Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [1, 6, 4],
  );
  const filled = await ctcLoss(logits, int32([2, 1, 0], [1, 3]), { labelLengths: [2] }).item();
  expect(filled).toBe(await ctcLoss(logits, int32([2, 1], [1, 2])).item());
});
