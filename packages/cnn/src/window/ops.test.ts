/** Every case of every op: kernel and decomposition against plain loops in float64 and float32, gradients against differences. */
import { checkGradients, createRuntime, mul, sum } from '@dendrite/core';
import { hostKey, normals, permutation, uniforms } from '@dendrite/random';
import type { CaseInput, DType, HostTensor, Op, OpCase, Runtime, Tensor } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { conv2dCases, conv2dFilterGradientCases, conv2dInputGradientCases } from '../conv2d/conv2d.cases.ts';
import { avgPool2dCases, avgPool2dGradientCases, maxPool2dCases, maxPool2dGradientCases } from './pool.cases.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime();
});
afterAll(() => runtime.dispose());

function hostInput({ shape, values = 'normal', range }: CaseInput, seed: number): HostTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const key = hostKey(seed);
  if (range) return { shape, data: uniforms(key, size).map((u) => range[0] + u * (range[1] - range[0])) };
  if (values === 'distinct')
    return { shape, data: Float64Array.from(permutation(key, size), (place) => 0.1 * place - 1) };
  return { shape, data: values === 'normal' ? normals(key, size) : values };
}
const upload = ({ shape, data }: HostTensor, dtype: DType): Tensor =>
  runtime.tensor(Float64Array.from(data), shape, dtype);
const close = (actual: readonly number[], expected: ArrayLike<number>, tolerance: number): void => {
  expect(actual).toHaveLength(expected.length);
  const largest = Array.from(expected).reduce((a, b) => Math.max(a, Math.abs(b)), 1e-3);
  for (const [i, value] of actual.entries())
    if (!(Math.abs(value - (expected[i] ?? Number.NaN)) <= tolerance * largest))
      expect.fail(`element ${i}: ${value}, expected ${expected[i]}`);
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

const tables = [
  conv2dCases,
  conv2dInputGradientCases,
  conv2dFilterGradientCases,
  maxPool2dCases,
  maxPool2dGradientCases,
  avgPool2dCases,
  avgPool2dGradientCases,
];
const rows = tables.flatMap(({ op, cases }) =>
  cases.filter(({ benchmark }) => !benchmark).map((each) => ({ name: each.name, op, each })),
);

describe.each(rows)('$name', ({ op, each }: { readonly op: Op; readonly each: OpCase }) => {
  const host = each.inputs.map((input, i) => hostInput(input, i + each.name.length));
  const expected = each.reference?.(host) ?? [];

  test.each(['float64', 'float32'] as const)('kernel and decomposition, %s', async (dtype) => {
    const inputs = host.map((input) => upload(input, dtype));
    const [y] = [each.run(inputs)].flat();
    const [parts] = withoutKernel(runtime, op, () => [each.run(inputs)].flat());
    if (!y || !parts) throw new Error('no output');
    for (const tensor of [y, parts]) {
      expect(tensor.shape).toEqual(expected[0]?.shape);
      expect(tensor.dtype).toBe(dtype);
      close(
        [...(await tensor.data(dtype))],
        expected[0]?.data ?? [],
        dtype === 'float64' ? 1e-12 : (each.tolerance ?? 1e-4),
      );
    }
  });

  const positions = each.differentiable ?? each.inputs.map((_, i) => i);
  const small = host.every(({ data }) => data.length > 0 && data.length <= 200);
  if (positions.length > 0 && small)
    test('gradient', async () => {
      const inputs = host.map((input) => upload(input, 'float64'));
      const weight = hostInput({ shape: expected[0]?.shape ?? [] }, 99);
      const report = await checkGradients(
        (some: readonly Tensor[]) => {
          const [y] = [each.run(inputs.map((input, i) => some[positions.indexOf(i)] ?? input))].flat();
          if (!y) throw new Error('no output');
          return sum(mul(y, upload(weight, 'float64')));
        },
        positions.map((i) => inputs[i] ?? upload(weight, 'float64')),
      );
      expect(report.failures).toEqual([]);
      expect(report.compared).toBeGreaterThan(0);
    });
});
