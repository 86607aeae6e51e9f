import type { Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { checkGradients, customGradient, defaultRuntime, exp, mul, sum, tanh, tensor } from '../index.ts';

const float64 = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor =>
  tensor(new Float64Array(values), shape);

test('a right gradient passes, every element compared', async () => {
  const report = await checkGradients(({ a, b }) => sum(mul(tanh(a), exp(b))), {
    a: float64([0.1, -2, 3]),
    b: float64([1], []),
  });
  expect(report).toMatchObject({ passed: true, compared: 4, failures: [] });
  expect(report.worst).toBeLessThan(1e-9);
});

test('a wrong one fails and is named, worst first', async () => {
  const wrong = customGradient(
    (x) => mul(x, x),
    (dy, [x]) => [mul(dy, mul(x as Tensor, float64([2, 2, 3], [3])))],
  );
  const report = await checkGradients((p) => sum(wrong(p.w)), { w: float64([1, 2, 4]) });
  expect(report.passed).toBe(false);
  expect(report.failures).toHaveLength(1);
  expect(report.failures[0]).toMatch(/^w\[2\]: gradient 12, difference (7\.9999|8\.0000)\d* \(off by 0\.333/);
});

test('at most ten failures; positions in every axis', async () => {
  const none = customGradient(
    (x) => mul(x, 5),
    () => [null],
  );
  const report = await checkGradients((x) => sum(none(x)), float64(new Array(24).fill(1), [4, 6]));
  expect(report.failures).toHaveLength(10);
  expect(report.failures.every((text) => /^x\[\d, \d\]: gradient 0, difference 5\.0/.test(text))).toBe(true);
});

test('float32 is too coarse', async () => {
  await expect(checkGradients((x) => sum(x), tensor([1]))).rejects.toThrow(
    "checkGradients(): parameters must be float64, got float32 at ''. Float32 differences are too coarse: make them from Float64Arrays on the cpu backend.",
  );
});

test('nothing is left alive', async () => {
  const x = float64([1, 2]);
  const before = defaultRuntime().live();
  await checkGradients((p) => sum(tanh(p)), x);
  expect(defaultRuntime().live()).toEqual(before);
});
