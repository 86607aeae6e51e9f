/** Numbers found from their values under a few lengths. */
import { expect, test } from 'vitest';
import { amountKey, fitAmount, plus } from './amount.ts';

const names = ['b', 't'];
const grid = [
  { b: 3, t: 5 },
  { b: 4, t: 5 },
  { b: 3, t: 8 },
  { b: 4, t: 8 },
  { b: 7, t: 2 },
];
const fit = (f: (b: number, t: number) => number) =>
  fitAmount(
    grid.map(({ b, t }) => f(b, t)),
    names,
    grid,
  );

test.each<readonly [string, (b: number, t: number) => number, string]>([
  ['a number', () => 7, '7'],
  ['zero below', () => -0, '0'],
  ['NaN', () => Number.NaN, 'NaN'],
  ['a length', (_b, t) => t, 't'],
  ['a product and a sum', (b, t) => 2 * b * t - t + 3, '3+-1*t+2*b*t'],
  ['1 over a product', (b, t) => 1 / (b * t), '1/b*t'],
  ['a half, which no whole factor makes', (_b, t) => Math.floor(t / 2), '(2,2,4,4,1)'],
  ['what holds on the grid alone', (b, t) => (t === 2 ? 9 : b), '(3,4,3,4,9)'],
])('%s', (_name, f, key) => {
  expect(amountKey(fit(f))).toBe(key);
});

test('sums of amounts are amounts', () => {
  const [b, t, half] = [fit((b) => b), fit((_b, t) => t), fit((_b, t) => Math.floor(t / 2))];
  expect(amountKey(plus(b, t, -2))).toBe('b+-2*t');
  expect(plus(t, t, -1)).toBe(0);
  expect(plus(2, 3, 4)).toBe(14);
  expect(amountKey(plus(plus(b, t), b, -1))).toBe('t');
  expect(amountKey(plus(half, t))).toBe('(7,7,12,12,3)');
  expect(plus(half, half, -1)).toBe(0);
  expect(amountKey(plus(half, 0))).toBe(amountKey(half));
});
