import { checkGradients, createRuntime, mul, sum, valueAndGrad } from '@dendrite/core';
import { hostKey, normals, uniforms } from '@dendrite/random';
import type { CaseInput, Op, OpCase, Runtime, Tensor } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { softmaxCrossEntropyCases, softmaxCrossEntropyGradientCases } from './softmax-cross-entropy.cases.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime();
});
afterAll(() => runtime.dispose());
const float64 = (data: ArrayLike<number>, shape: readonly number[]): Tensor =>
  runtime.tensor(Float64Array.from(data), shape, 'float64');
const codes = (...data: number[]): Tensor => runtime.tensor(Int32Array.from(data));
const values = async (x: Tensor): Promise<number[]> => [...(await x.data('float64'))];
const host = ({ shape, range }: CaseInput, seed: number): Float64Array => {
  const size = shape.reduce((a, b) => a * b, 1);
  return range
    ? uniforms(hostKey(seed), size).map((u) => range[0] + u * (range[1] - range[0]))
    : normals(hostKey(seed), size);
};

/** Runs `f` with the op's decomposition in place of its kernel. */
function withoutKernel<T>(on: Runtime, op: Op, f: () => T): T {
  const run = on.run.bind(on);
  const bare = { ...op, kernels: {} } as Op;
  const spy = vi.spyOn(on, 'run').mockImplementation((called, ...rest) => run(called === op ? bare : called, ...rest));
  try {
    return f();
  } finally {
    spy.mockRestore();
  }
}

const rows = [softmaxCrossEntropyCases, softmaxCrossEntropyGradientCases].flatMap(({ op, cases }) =>
  cases.map((each) => ({ name: each.name, op, each })),
);
describe.each(rows)('$name', ({ op, each }: { readonly op: Op; readonly each: OpCase }) => {
  test('kernel and decomposition against the formula', async () => {
    const given = each.inputs.map((input, i) => ({ shape: input.shape, data: host(input, i + 1) }));
    const inputs = given.map(({ data, shape }) => float64(data, shape));
    const [kernel] = [each.run(inputs)].flat();
    const [parts] = withoutKernel(runtime, op, () => [each.run(inputs)].flat());
    const [expected] = each.reference?.(given) ?? [];
    for (const made of [kernel, parts]) {
      expect(made?.shape).toEqual(expected?.shape);
      expect(made && (await values(made))).toEqual(
        Array.from(expected?.data ?? [], (value) => expect.closeTo(value, 9)),
      );
    }
  });
  if (op === softmaxCrossEntropyCases.op && each.inputs[0]?.shape[0] !== 0) {
    test('gradient', async () => {
      const report = await checkGradients(
        (x: Tensor) => {
          const [losses] = [each.run([x])].flat();
          return losses ? sum(mul(losses, float64(normals(hostKey(7), losses.size), losses.shape))) : x;
        },
        float64(
          normals(
            hostKey(5),
            (each.inputs[0]?.shape ?? []).reduce((a, b) => a * b, 1),
          ),
          each.inputs[0]?.shape ?? [],
        ),
      );
      expect(report.failures).toEqual([]);
    });
  }
});

test('the mean weighs rows by their class and leaves ignored ones out', async () => {
  const logits = float64([0, 0, 0, 0, 0, 0, 1, 2, 3], [3, 3]);
  const each = await values(
    softmaxCrossEntropy(logits, codes(0, 1, 2), { reduction: 'none', classWeights: [1, 2, 4] }),
  );
  const weighted = await values(softmaxCrossEntropy(logits, codes(0, 1, 2), { classWeights: [1, 2, 4] }));
  expect(weighted[0]).toBeCloseTo(each.reduce((a, b) => a + b, 0) / 7, 12);
  const ignoring = await values(softmaxCrossEntropy(logits, codes(0, -100, -100)));
  expect(ignoring[0]).toBeCloseTo(Math.log(3), 12);
  expect(await values(softmaxCrossEntropy(logits, codes(0, 1, 2), { reduction: 'sum' }))).toEqual([
    expect.closeTo(2 * Math.log(3) + 0.40760596444438, 10),
  ]);
});

test('soft targets: one-hot rows give the loss of the code, with smoothing and weights too', async () => {
  const logits = float64([0.3, -1, 2, 0.1, 0.2, 0.3], [2, 3]);
  const soft = float64([0, 0, 1, 1, 0, 0], [2, 3]);
  for (const options of [
    {},
    { labelSmoothing: 0.2 },
    { reduction: 'sum', classWeights: [1, 3, 2] },
    { reduction: 'none' },
  ] as const)
    expect(await values(softmaxCrossEntropy(logits, soft, options))).toEqual(
      (await values(softmaxCrossEntropy(logits, codes(2, 0), options))).map((each) => expect.closeTo(each, 12)),
    );
});

test('a logit of −∞ for another class is no NaN, and NaN stays NaN', async () => {
  expect(await values(softmaxCrossEntropy(float64([0, Number.NEGATIVE_INFINITY], [1, 2]), codes(0)))).toEqual([0]);
  const { value, gradients } = valueAndGrad((x: Tensor) => softmaxCrossEntropy(x, codes(0)))(
    float64([Number.NaN, 1], [1, 2]),
  );
  expect([...(await values(value)), ...(await values(gradients))]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});

test('more axes before the classes: one loss for each position', async () => {
  const logits = float64(normals(hostKey(1), 12), [2, 2, 3]);
  const target = runtime.tensor(Int32Array.from([0, 2, 1, 1]), [2, 2]);
  const losses = softmaxCrossEntropy(logits, target, { reduction: 'none' });
  expect(losses.shape).toEqual([2, 2]);
  expect(await values(softmaxCrossEntropy(logits, target))).toEqual([
    expect.closeTo((await values(losses)).reduce((a, b) => a + b, 0) / 4, 12),
  ]);
});

test.each<[() => unknown, string, string]>([
  [
    () => softmaxCrossEntropy(float64([1, 2], [1, 2]), codes(2)),
    'DATA',
    'softmaxCrossEntropy(): codes must lie in 0 … 1, got 2 in row 0. Give the last layer one unit a class, or set ignoreIndex.',
  ],
  [
    () => softmaxCrossEntropy(float64([1, 2], [1, 2]), codes(0, 1)),
    'SHAPE',
    'targets must be int32 codes [1] or float64 [1, 2], got int32 [2]',
  ],
  [() => softmaxCrossEntropy(float64([1, 2], [1, 2]), float64([0], [1])), 'DTYPE', 'codes must be int32, got float64'],
  [
    () => softmaxCrossEntropy(float64([1, 2], [2]), codes(1)),
    'SHAPE',
    'targets must be int32 codes [] or float64 [2], got int32 [1]',
  ],
  [
    () => softmaxCrossEntropy(float64([1, 2], [1, 2]), codes(0), { labelSmoothing: 2 }),
    'OPTION',
    'labelSmoothing must lie in [0, 1], got 2',
  ],
  [
    () => softmaxCrossEntropy(float64([1, 2], [1, 2]), codes(0), { classWeights: [1] }),
    'OPTION',
    'classWeights must be 2 numbers of at least 0, got [1]',
  ],
])('teaches by its error %#', (run, code, message) => {
  expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});
