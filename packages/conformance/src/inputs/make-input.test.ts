import { expect, test } from 'vitest';
import { makeInput } from './make-input.ts';
import { numbersOf, shuffled } from './numbers.ts';

test('the same seed gives the same numbers, another others', () => {
  const [a, b, c] = ['x', 'x', 'y'].map((seed) => makeInput({ shape: [3, 5] }, seed).data);
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
  expect(a).toBeInstanceOf(Float32Array);
});

test('normal numbers have mean 0 and deviation 1', () => {
  const data = Float64Array.from(makeInput({ shape: [20000] }, 'normal').data);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const spread = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(spread - 1)).toBeLessThan(0.05);
});

test('distinct numbers are at least 0.05 apart', () => {
  const sorted = makeInput({ shape: [33, 7], values: 'distinct' }, 'distinct').data.toSorted();
  for (let i = 1; i < sorted.length; i++) expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThan(0.05);
});

test('ranges hold, whole for whole dtypes', () => {
  const floats = makeInput({ shape: [500], range: [2, 3] }, 'r').data;
  expect(Math.min(...floats)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...floats)).toBeLessThan(3);
  const whole = makeInput({ shape: [500], dtype: 'int32', range: [-2, 2] }, 'r').data;
  expect([...new Set(whole)].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1]);
  expect([...new Set(makeInput({ shape: [99], dtype: 'bool' }, 'b').data)].sort()).toEqual([0, 1]);
});

test('values are taken as given, and must fill the shape', () => {
  expect(makeInput({ shape: [2], values: [1, Number.NaN] }, '').data).toEqual(Float32Array.of(1, Number.NaN));
  expect(makeInput({ shape: [0, 3] }, '').data).toHaveLength(0);
  expect(() => makeInput({ shape: [3], values: [1] }, '')).toThrow('values must fill [3] (3), got 1');
});

test('a shuffle has every number once', () => {
  expect(shuffled(50, numbersOf('s')).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(shuffled(0, numbersOf('s'))).toEqual([]);
});
