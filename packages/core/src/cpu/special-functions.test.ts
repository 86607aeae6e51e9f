import { expect, test } from 'vitest';
import { erf, roundToEven } from './special-functions.ts';

/** To 16 digits, from mpmath at 30 digits. */
const known: readonly (readonly [x: number, value: number])[] = [
  [0, 0],
  [1e-10, 1.1283791670955126e-10],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [2.4, 0.999311486103355],
  [2.5, 0.999593047982555],
  [3, 0.9999779095030014],
  [4, 0.9999999845827421],
  [5, 0.9999999999984626],
  [6, 1],
  [30, 1],
];
test.each(known)('erf(%d) = %d, odd', (x, value) => {
  expect(Math.abs(erf(x) - value)).toBeLessThanOrEqual(2e-15 * Math.max(value, 1e-10));
  expect(erf(-x)).toBe(-erf(x));
});

test('erf at the ends', () => {
  expect(erf(Number.POSITIVE_INFINITY)).toBe(1);
  expect(erf(Number.NEGATIVE_INFINITY)).toBe(-1);
  expect(erf(Number.NaN)).toBeNaN();
  expect(Object.is(erf(-0), -0)).toBe(true);
});

test('its two ways meet', () => {
  expect(Math.abs(erf(2.5 - 1e-12) - erf(2.5 + 1e-12))).toBeLessThan(1e-14);
});

test('halves go to the even number', () => {
  expect([-3.5, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5].map((x) => roundToEven(x) + 0)).toEqual([
    -4, -2, -2, 0, 0, 2, 2, 4,
  ]);
  expect([-1.4, -0.6, 0.4, 2.500001, 1e15 + 0.5, 2 ** 53].map((x) => roundToEven(x) + 0)).toEqual([
    -1,
    -1,
    0,
    3,
    1e15,
    2 ** 53,
  ]);
  expect([-0, -0.4, -0.5, -0.6, 0, 0.4, 0.5].map(roundToEven)).toEqual([-0, -0, -0, -1, 0, 0, 0]);
  expect(roundToEven(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  expect(roundToEven(Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
  expect(roundToEven(Number.NaN)).toBeNaN();
});
