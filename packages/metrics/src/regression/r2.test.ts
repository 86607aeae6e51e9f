import { expect, test } from 'vitest';
import { measure, rowsOf } from '../part/part.fixture.ts';
import { explainedVariance, r2 } from './r2.ts';

test('1 is perfect, 0 is the mean, worse is negative', () => {
  const expected = [1, 2, 3, 6];
  expect(measure(r2, { expected, predicted: expected })).toBe(1);
  expect(measure(r2, { expected, predicted: [3, 3, 3, 3] })).toBe(0);
  expect(measure(r2, { expected, predicted: [6, 3, 2, 1] })).toBeCloseTo(1 - 52 / 14, 14);
});

test('an offset costs r2, not explained variance', () => {
  const part = { expected: [1, 2, 3], predicted: [2, 3, 4] };
  expect(measure(r2, part)).toBe(-0.5);
  expect(measure(explainedVariance, part)).toBe(1);
});

test('equal targets: right is 1, wrong is 0', () => {
  expect(measure(r2, { expected: [5, 5], predicted: [5, 5] })).toBe(1);
  expect(measure(r2, { expected: [5, 5], predicted: [5, 4] })).toBe(0);
  expect(measure(r2, { expected: [5], predicted: [Number.NaN] })).toBeNaN();
});

test('far from 0 no digit is lost, whole or in parts', () => {
  const noise = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) / 100);
  const near = { expected: noise, predicted: noise.map((x) => x * 0.5) };
  const far = { expected: noise.map((x) => x + 2 ** 30), predicted: noise.map((x) => x * 0.5 + 2 ** 30) };
  const value = measure(r2, near);
  expect(measure(r2, far)).toBeCloseTo(value, 5);
  expect(measure(r2, rowsOf(far, 0, 33), rowsOf(far, 33, 100))).toBeCloseTo(value, 5);
});
