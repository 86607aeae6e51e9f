/** Every loss beside its formula in plain loops, its gradients beside differences, its reductions, its edges, and no leak. */
import { checkGradients, createRuntime, logSoftmax, softmax } from '@dendrite/core';
import { hostKey, normals } from '@dendrite/random';
import type { Runtime, Tensor } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cosineEmbeddingLoss,
  gaussianLoss,
  huberLoss,
  klDivergence,
  meanAbsoluteError,
  multiMarginLoss,
  poissonLoss,
  type Reduction,
  smoothL1Loss,
  tripletMarginLoss,
} from '../index.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime();
});
afterAll(() => runtime.dispose());
const [rows, size] = [4, 3];
type Row = readonly number[];
const float64 = (data: Row, shape: readonly number[] = [rows, size]): Tensor =>
  runtime.tensor(Float64Array.from(data), shape, 'float64');
const draw = (seed: number): Row => [...normals(hostKey(seed), rows * size)];
const at = (x: Row, i: number): number => x[i] as number;
const rowOf = (x: Row, i: number): Row => x.slice(i * size, (i + 1) * size);
const dot = (a: Row, b: Row): number => a.reduce((sum, each, i) => sum + each * at(b, i), 0);

const [a, b, c] = [draw(1), draw(2), draw(3)];
const counts = [0, 1, 2, 5, 0, 3, 1, 1, 4, 2, 0, 7];
const codes = [0, 2, 1, 2];
const signs = [1, -1, -1, 1];
const shares = [...Array(rows)].flatMap((_, i) => (i === 1 ? [0, 1, 0] : [0.5, 0.25, 0.25]));
const norm = (x: Row, y: Row, power: number): number =>
  x.reduce((sum, each, i) => sum + Math.abs(each - at(y, i) + 1e-6) ** power, 0) ** (1 / power);
const cosine = (x: Row, y: Row): number => dot(x, y) / Math.sqrt((dot(x, x) + 1e-12) * (dot(y, y) + 1e-12));
const eachRow = (f: (i: number) => number): Row => Array.from({ length: rows }, (_, i) => f(i));

interface Use {
  readonly name: string;
  readonly inputs: readonly Row[];
  readonly run: (inputs: readonly Tensor[], reduction: Reduction) => Tensor;
  readonly expected: Row;
}
const [x, y, z] = [0, 1, 2].map(
  (i) =>
    (inputs: readonly Tensor[]): Tensor =>
      inputs[i] as Tensor,
) as [
  (inputs: readonly Tensor[]) => Tensor,
  (inputs: readonly Tensor[]) => Tensor,
  (inputs: readonly Tensor[]) => Tensor,
];
const int32 = (): Tensor => runtime.tensor(Int32Array.from(codes));

const uses: readonly Use[] = [
  {
    name: 'meanAbsoluteError',
    inputs: [a, b],
    run: (i, reduction) => meanAbsoluteError(x(i), y(i), { reduction }),
    expected: a.map((each, i) => Math.abs(each - at(b, i))),
  },
  {
    name: 'smoothL1Loss',
    inputs: [a, b],
    run: (i, reduction) => smoothL1Loss(x(i), y(i), { beta: 0.7, reduction }),
    expected: a.map((each, i) => {
      const d = Math.abs(each - at(b, i));
      return d < 0.7 ? (d * d) / 1.4 : d - 0.35;
    }),
  },
  {
    name: 'huberLoss',
    inputs: [a, b],
    run: (i, reduction) => huberLoss(x(i), y(i), { delta: 1.5, reduction }),
    expected: a.map((each, i) => {
      const d = Math.abs(each - at(b, i));
      return d < 1.5 ? (d * d) / 2 : 1.5 * (d - 0.75);
    }),
  },
  {
    name: 'klDivergence of probabilities, some of them 0',
    inputs: [a],
    run: (i, reduction) => klDivergence(x(i), float64(shares), { reduction }),
    expected: shares.map((t, i) => (t === 0 ? 0 : t * (Math.log(t) - at(a, i)))),
  },
  {
    name: 'klDivergence of logarithms',
    inputs: [a, b],
    run: (i, reduction) => klDivergence(x(i), y(i), { logTargets: true, reduction }),
    expected: b.map((t, i) => Math.exp(t) * (t - at(a, i))),
  },
  {
    name: 'multiMarginLoss',
    inputs: [a],
    run: (i, reduction) => multiMarginLoss(x(i), int32(), { reduction }),
    expected: eachRow((i) =>
      rowOf(a, i).reduce(
        (sum, each, k) => sum + (k === codes[i] ? 0 : Math.max(0, 1 - at(rowOf(a, i), at(codes, i)) + each) / size),
        0,
      ),
    ),
  },
  {
    name: 'multiMarginLoss, squared and weighted',
    inputs: [a],
    run: (i, reduction) =>
      multiMarginLoss(x(i), int32(), { power: 2, margin: 0.8, classWeights: [1, 2, 3], reduction }),
    expected: eachRow((i) =>
      rowOf(a, i).reduce(
        (sum, each, k) =>
          sum +
          (k === codes[i]
            ? 0
            : ((1 + at(codes, i)) * Math.max(0, 0.8 - at(rowOf(a, i), at(codes, i)) + each) ** 2) / size),
        0,
      ),
    ),
  },
  {
    name: 'poissonLoss of logarithms',
    inputs: [a],
    run: (i, reduction) => poissonLoss(x(i), float64(counts), { reduction }),
    expected: a.map((each, i) => Math.exp(each) - at(counts, i) * each),
  },
  {
    name: 'poissonLoss of rates, full',
    inputs: [a.map((each) => Math.abs(each) + 0.1)],
    run: (i, reduction) => poissonLoss(x(i), float64(counts), { logOutputs: false, full: true, reduction }),
    expected: a.map((each, i) => {
      const [rate, t] = [Math.abs(each) + 0.1, at(counts, i)];
      const stirling = t > 1 ? t * Math.log(t) - t + Math.log(2 * Math.PI * t) / 2 : 0;
      return rate - t * Math.log(rate + 1e-8) + stirling;
    }),
  },
  {
    name: 'gaussianLoss',
    inputs: [a, b.map((each) => each * each + 0.2), c],
    run: (i, reduction) => gaussianLoss({ mean: x(i), variance: y(i) }, z(i), { full: true, reduction }),
    expected: a.map((each, i) => {
      const v = at(b, i) ** 2 + 0.2;
      return (Math.log(v) + (each - at(c, i)) ** 2 / v + Math.log(2 * Math.PI)) / 2;
    }),
  },
  {
    name: 'cosineEmbeddingLoss',
    inputs: [a, b],
    run: (i, reduction) =>
      cosineEmbeddingLoss({ first: x(i), second: y(i) }, float64(signs, [rows]), { margin: -0.9, reduction }),
    expected: eachRow((i) => {
      const near = cosine(rowOf(a, i), rowOf(b, i));
      return signs[i] === 1 ? 1 - near : Math.max(0, near + 0.9);
    }),
  },
  {
    name: 'tripletMarginLoss',
    inputs: [a, b, c],
    run: (i, reduction) =>
      tripletMarginLoss({ anchor: x(i), positive: y(i), negative: z(i) }, { margin: 2, reduction }),
    expected: eachRow((i) => Math.max(0, norm(rowOf(a, i), rowOf(b, i), 2) - norm(rowOf(a, i), rowOf(c, i), 2) + 2)),
  },
  {
    name: 'tripletMarginLoss of another norm, with swap',
    inputs: [a, b, c],
    run: (i, reduction) =>
      tripletMarginLoss(
        { anchor: x(i), positive: y(i), negative: z(i) },
        { margin: 2, power: 3, swap: true, reduction },
      ),
    expected: eachRow((i) => {
      const [p, q, r] = [rowOf(a, i), rowOf(b, i), rowOf(c, i)];
      return Math.max(0, norm(p, q, 3) - Math.min(norm(p, r, 3), norm(q, r, 3)) + 2);
    }),
  },
];

describe.each(uses)('$name', ({ inputs, run, expected }) => {
  const total = expected.reduce((sum, each) => sum + each, 0);
  test.each<readonly [Reduction, Row]>([
    ['none', expected],
    ['sum', [total]],
    ['mean', [total / expected.length]],
  ])('%s', async (reduction, wanted) => {
    const before = runtime.live();
    const made = runtime.scope(() =>
      run(
        inputs.map((each) => float64(each)),
        reduction,
      ),
    );
    expect([...(await made.data('float64'))]).toEqual(wanted.map((each) => expect.closeTo(each, 10)));
    made.dispose();
    expect(runtime.live()).toEqual(before);
  });
  test('gradients', async () => {
    const report = await checkGradients(
      (given: readonly Tensor[]) => run(given, 'sum'),
      inputs.map((each) => float64(each)),
      { tolerance: 1e-6 },
    );
    expect(report.failures).toEqual([]);
    expect(report.compared).toBe(inputs.length * rows * size);
  });
});

test('klDivergence of a batch is the divergence of a row on average; of a distribution from itself it is 0', async () => {
  const logits = float64(a);
  const self = klDivergence(logSoftmax(logits), softmax(logits), { reduction: 'batchMean' });
  expect(await self.item()).toBeCloseTo(0, 12);
  const other = await klDivergence(logSoftmax(logits), softmax(float64(b)), { reduction: 'sum' }).item();
  expect(await klDivergence(logSoftmax(logits), softmax(float64(b)), { reduction: 'batchMean' }).item()).toBeCloseTo(
    other / rows,
    12,
  );
});

test('gaussianLoss keeps a variance of 0 finite', async () => {
  const zero = float64([0], [1, 1]);
  expect(await gaussianLoss({ mean: zero, variance: zero }, zero).item()).toBeCloseTo(Math.log(1e-6) / 2, 10);
});

test.each<[() => unknown, string, string]>([
  [
    () => huberLoss(float64(a), float64(a, [rows * size])),
    'SHAPE',
    "huberLoss(): targets must have the outputs' shape [4, 3], got [12].",
  ],
  [() => smoothL1Loss(float64(a), float64(a), { beta: 0 }), 'OPTION', 'beta must be a finite number above 0, got 0'],
  [
    () => multiMarginLoss(float64(a), float64(signs, [rows])),
    'DTYPE',
    'multiMarginLoss(): codes must be int32 [4], got float64 [4].',
  ],
  [
    () => multiMarginLoss(float64(a), int32(), { classWeights: [1] }),
    'SHAPE',
    'multiMarginLoss(): classWeights must be [3], got [1].',
  ],
  [() => multiMarginLoss(float64(a), int32(), { power: 3 as 2 }), 'OPTION', 'power must be 1 or 2, got 3'],
  [
    () => gaussianLoss({ mean: float64(a), variance: float64([1], [1]) }, float64(a)),
    'SHAPE',
    "gaussianLoss(): variance must have the mean's shape [4, 3], or 1 on the last axis, got [1].",
  ],
  [
    () => cosineEmbeddingLoss({ first: float64([1], [1]), second: float64([1], [1]) }, float64([1], [1])),
    'SHAPE',
    'cosineEmbeddingLoss(): vectors must be [rows, size], got [1].',
  ],
  [
    () => klDivergence(float64(a), float64(a), { reduction: 'average' as 'mean' }),
    'OPTION',
    "reduction must be 'mean' or 'batchMean' or 'sum' or 'none', got 'average'",
  ],
])('teaches by its error %#', (call, code, message) => {
  expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});
