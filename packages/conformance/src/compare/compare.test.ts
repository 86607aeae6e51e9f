import { expect, test } from 'vitest';
import { checkSameBits, compare } from './compare.ts';

const of = (...data: number[]) => ({ shape: [data.length], data });
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

test('errors are relative to the largest value, at least to the floor', () => {
  expect(compare(of(1, 100.05), of(1, 100), 1e-3)).toMatchObject({ passed: true });
  expect(compare(of(1.05, 100), of(1, 100), 1e-4).passed).toBe(false);
  expect(compare(of(1.05, 100), of(1, 100), 1e-4).worst).toBeCloseTo(5e-4, 10);
  expect(compare(of(1e-9), of(0), 1e-5).passed).toBe(true);
  expect(compare(of(1e-4), of(0), 1e-2, 1e-3).passed).toBe(false);
});

test('NaN is met by NaN, infinity by the same infinity, and neither counts as largest', () => {
  expect(compare(of(nan, 1, inf, -inf), of(nan, 1, inf, -inf), 0).passed).toBe(true);
  for (const [a, b] of [
    [0, nan],
    [nan, 0],
    [inf, -inf],
    [1e300, inf],
    [inf, 5],
  ] as const)
    expect(compare(of(a), of(b), 1e9).passed, `${a} for ${b}`).toBe(false);
  expect(compare(of(inf, 1.1), of(inf, 1), 1e-3).passed).toBe(false);
});

test('the text says where, what and by how much', () => {
  const found = compare({ shape: [2, 2], data: [1, 2, 3, 5] }, { shape: [2, 2], data: [1, 2, 3, 4] }, 1e-3);
  expect(found.text).toBe('element [1, 1] must be 4, got 5 (off by 0.250 of the largest value, 4; allowed 0.001)');
});

test('shapes and lengths are compared first', () => {
  expect(compare({ shape: [1, 2], data: [1, 2] }, of(1, 2), 1).text).toBe('shape must be [2], got [1, 2]');
  expect(compare({ shape: [2], data: [1] }, of(1, 2), 1).text).toBe('must have 2 elements, got 1');
  expect(compare({ shape: [0], data: [] }, { shape: [0], data: [] }, 0).passed).toBe(true);
});

test('the same bits: a zero has a sign', () => {
  expect(() => checkSameBits('x', of(0, nan), of(0, nan))).not.toThrow();
  expect(() => checkSameBits('x', of(1, -0), of(1, 0))).toThrow('x: element [1] must be 0, got 0');
});
