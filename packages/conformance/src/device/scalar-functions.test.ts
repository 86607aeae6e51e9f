import { expect, test } from 'vitest';
import { binaryFunctions, erf, unaryFunctions } from './scalar-functions.ts';

// Abramowitz and Stegun, table 7.1, and the tail by 60-digit arithmetic.
test.each([
  [0, 0],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [2.999, 0.9999777698953143],
  [3.5, 0.9999992569016276],
  [-1, -0.8427007929497149],
  [Number.POSITIVE_INFINITY, 1],
])('erf(%d) is %d', (x, value) => expect(erf(x)).toBeCloseTo(value, 9));

test('erf of NaN is NaN', () => expect(erf(Number.NaN)).toBeNaN());

test('halves are rounded to even', () => {
  expect([0.5, 1.5, 2.5, 3.5, -1.5, 2.4, -2.6].map(unaryFunctions.round)).toEqual([0, 2, 2, 4, -2, 2, -3]);
});

test('mod has the sign of the divisor', () => {
  expect(
    [
      [7, 3],
      [-7, 3],
      [7, -3],
      [-7, -3],
      [1.5, 1],
    ].map(([x = 0, y = 0]) => binaryFunctions.mod(x, y)),
  ).toEqual([1, 2, -2, -1, 0.5]);
});

test('comparisons with NaN are false, extremes NaN', () => {
  for (const name of ['lt', 'le', 'eq'] as const) expect(binaryFunctions[name](Number.NaN, 1)).toBe(0);
  expect(binaryFunctions.max(Number.NaN, 1)).toBeNaN();
});
