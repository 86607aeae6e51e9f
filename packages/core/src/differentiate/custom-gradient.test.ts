import type { Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { add, clip, customGradient, defaultRuntime, exp, grad, mul, neg, sum, tensor } from '../index.ts';

const float64 = (values: readonly number[]): Tensor => tensor(new Float64Array(values));

test('the backward pass is the given one', async () => {
  const through = customGradient(
    (x) => clip(x, { min: -1, max: 1 }),
    (dy) => [dy],
  );
  const x = float64([-3, 0, 3]);
  expect(await through(x).toArray()).toEqual([-1, 0, 1]);
  expect(await grad((z: Tensor) => sum(mul(through(z), 2)))(x).toArray()).toEqual([2, 2, 2]);
});

test('it reads inputs and output', async () => {
  const f = customGradient(
    (a, b) => mul(a, exp(b)),
    (dy, [a], y) => [mul(dy, a as Tensor), mul(dy, y)],
  );
  const { a, b } = grad(({ a, b }: { a: Tensor; b: Tensor }) => sum(f(a, b)))({ a: float64([2]), b: float64([1]) });
  expect(await a.toArray()).toEqual([2]);
  expect(await b.toArray()).toEqual([2 * Math.exp(1)]);
});

test('the identity with a reversed gradient keeps its input alive', async () => {
  const reverse = customGradient(
    (x) => x,
    (dy) => [neg(dy)],
  );
  const x = float64([1, 2]);
  const y = reverse(x);
  expect(y).not.toBe(x);
  y.dispose();
  expect(x.alive).toBe(true);
  expect(await grad((z: Tensor) => sum(mul(reverse(z), 3)))(x).toArray()).toEqual([-3, -3]);
});

test('null is a zero gradient; a second derivative goes through the backward pass', async () => {
  const f = customGradient(
    (a, b) => mul(a, b),
    (dy, [a]) => [mul(dy, mul(a as Tensor, a as Tensor)), null],
  );
  const run = (x: Tensor): Tensor => sum(f(x, x));
  expect(await grad(run)(float64([3])).toArray()).toEqual([9]);
  expect(await grad((x: Tensor) => sum(grad(run)(x)))(float64([3])).toArray()).toEqual([6]);
});

test('errors: how many cotangents, of which shape, no operand', () => {
  const x = float64([1, 2]);
  const wrongCount = customGradient(
    (a) => neg(a),
    () => [],
  );
  expect(() => grad((z: Tensor) => sum(wrongCount(z)))(x)).toThrow(
    'customGradient(): backward must give one cotangent an input (1), got 0.',
  );
  const wrongShape = customGradient(
    (a) => neg(a),
    (dy) => [sum(dy)],
  );
  expect(() => grad((z: Tensor) => sum(wrongShape(z)))(x)).toThrow(
    'grad(): the gradient rule of core/custom-gradient must return float64 [2] for input 0, got float64 []. Mend the rule.',
  );
  expect(() =>
    customGradient(
      () => x,
      () => [],
    )(),
  ).toThrow('customGradient(): its function must be called with at least one tensor, got none.');
});

test('no live buffer is left, neither of the forward pass nor after an error', () => {
  const x = float64([1, 2]);
  const before = defaultRuntime().live();
  const f = customGradient(
    (a) => neg(neg(a)),
    () => {
      throw new Error('broken rule');
    },
  );
  f(x).dispose();
  expect(() => grad((z: Tensor) => sum(f(z)))(x)).toThrow('broken rule');
  expect(defaultRuntime().live()).toEqual(before);
});

test('a cotangent from outside stays alive and is not given away', async () => {
  const outside = float64([5, 7]);
  const f = customGradient(
    (x) => neg(x),
    () => [outside],
  );
  const x = float64([1, 2]);
  const found = grad((z: Tensor) => sum(f(z)))(x);
  expect(found).not.toBe(outside);
  found.dispose();
  expect(await grad((z: Tensor) => sum(f(mul(z, 2))))(x).toArray()).toEqual([10, 14]);
  expect(await grad((z: Tensor) => add(sum(f(z)), sum(z)))(x).toArray()).toEqual([6, 8]);
  expect(outside.alive).toBe(true);
});
