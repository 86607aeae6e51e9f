/** Gradients of gradients: inner tapes hand their nodes to the outer one and leave nothing behind. */
import type { Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { add, defaultRuntime, grad, mul, pow, sin, sum, tensor, valueAndGrad } from '../index.ts';

const cube = (x: Tensor): Tensor => mul(x, mul(x, x));
const float64 = (values: readonly number[]): Tensor => tensor(new Float64Array(values));

test('third derivatives: x⁵ → 60 x²', async () => {
  const f = (x: Tensor): Tensor => sum(pow(x, 5));
  const first = (x: Tensor): Tensor => sum(grad(f)(x));
  const second = (x: Tensor): Tensor => sum(grad(first)(x));
  const x = float64([1, -2, 0.5]);
  expect(await grad(second)(x).toArray()).toEqual([60, 240, 15]);
});

test('a derivative of the fourth order of sin is sin', async () => {
  let f = (x: Tensor): Tensor => sum(sin(x));
  for (let order = 1; order < 4; order++) {
    const before = f;
    f = (x) => sum(grad(before)(x));
  }
  const [value] = (await grad(f)(float64([0.7])).toArray()) as number[];
  expect(value).toBeCloseTo(Math.sin(0.7), 12);
});

test('two inner gradients, the second of which uses the first', async () => {
  // g = 3x²; the gradient of Σ y·g for y is g; so f = Σ 3x², f' = 6x.
  const f = (x: Tensor): Tensor => {
    const g = grad((z: Tensor) => sum(cube(z)))(x);
    return sum(grad((y: Tensor) => sum(mul(y, g)))(x));
  };
  expect(await grad(f)(float64([1, 2, 3])).toArray()).toEqual([6, 12, 18]);
});

test('the outer variable inside an inner function: mixed derivatives', async () => {
  // h(x, y) = Σ x²y; ∂h/∂y = x²; d/dx Σ x² = 2x.
  const f = (x: Tensor): Tensor => sum(grad((y: Tensor) => sum(mul(mul(x, x), y)))(float64([5, 6])));
  expect(await grad(f)(float64([3, 4])).toArray()).toEqual([6, 8]);
});

test('value and gradient of an inner call both lead back', async () => {
  // v = Σ x³, g = 3x²; v + Σ g → 3x² + 6x.
  const f = (x: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad((z: Tensor) => sum(cube(z)))(x);
    return add(value, sum(gradients));
  };
  expect(await grad(f)(float64([1, -2])).toArray()).toEqual([9, 0]);
});

test('a gradient inside untracked() is a constant and does not disturb the outer tape', async () => {
  const f = (x: Tensor): Tensor => {
    const g = x.runtime.untracked(() => grad((z: Tensor) => sum(mul(mul(z, z), x)))(x)); // 2x·x, x constant
    return sum(mul(x, g));
  };
  expect(await grad(f)(float64([1, 2, 3])).toArray()).toEqual([2, 8, 18]);
});

test('an inner gradient that fails leaves the outer one right', async () => {
  const f = (x: Tensor): Tensor => {
    expect(() => grad((z: Tensor) => mul(z, x))(x)).toThrow(/must return one float number/);
    return sum(mul(x, x));
  };
  expect(await grad(f)(float64([1, 2])).toArray()).toEqual([2, 4]);
});

test('no live buffer is left', () => {
  const x = float64([1, 2]);
  const before = defaultRuntime().live();
  const f = (y: Tensor): Tensor => sum(grad((z: Tensor) => sum(cube(z)))(y));
  grad(f)(x).dispose();
  expect(defaultRuntime().live()).toEqual(before);
});
