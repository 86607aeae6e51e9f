import { describe, expect, test } from 'vitest';
import { formatNumber, formatPercent } from './numbers.ts';
import { linearScale, logScale, range } from './scale.ts';

const pixels = [0, 100] as const;

describe('linearScale()', () => {
  test.each([
    [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.13, 2.31, [0, 0.5, 1, 1.5, 2, 2.5]],
    [-3, 7, [-4, -2, 0, 2, 4, 6, 8]],
    [1e-7, 3e-7, [1e-7, 1.5e-7, 2e-7, 2.5e-7, 3e-7]],
    [0.94, 0.9648, [0.94, 0.945, 0.95, 0.955, 0.96, 0.965]],
    [100, 60_000, [0, 20_000, 40_000, 60_000]],
  ])('of %d to %d has round ticks that cover it', (low, high, ticks) => {
    expect(linearScale(low, high, { count: 5, pixels }).ticks).toEqual(ticks);
  });

  test('maps its ends to the pixels, also upside down', () => {
    const scale = linearScale(0, 10, { count: 5, pixels: [200, 40] });
    expect([scale.at(0), scale.at(10), scale.at(5)]).toEqual([200, 40, 120]);
  });

  test('tight ends at the data; ticks stay inside', () => {
    const scale = linearScale(64, 162_048, { count: 8, pixels, tight: true });
    expect(scale.ticks).toEqual([50_000, 100_000, 150_000]);
    expect([scale.at(64), scale.at(162_048)]).toEqual([0, 100]);
  });

  test('whole has no half epochs', () => {
    expect(linearScale(1, 3, { count: 8, pixels, tight: true, whole: true }).ticks).toEqual([1, 2, 3]);
  });

  test.each([
    [0, 0],
    [5, 5],
    [-2, -2],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ])('of %d to %d is no division by 0', (low, high) => {
    const scale = linearScale(low, high, { count: 5, pixels });
    expect(scale.ticks.length).toBeGreaterThan(1);
    if (low === high) expect(scale.at(low)).toBeCloseTo(50, 9);
  });
});

describe('logScale()', () => {
  test('puts equal ratios at equal distances', () => {
    const { at, ticks } = logScale(0.05, 2, { count: 5, pixels });
    expect(at(1) - at(0.1)).toBeCloseTo(at(0.5) - at(0.05), 9);
    expect(ticks).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
  });

  test('has powers of ten over many decades', () => {
    expect(logScale(1e-6, 1, { count: 5, pixels }).ticks).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]);
    expect(logScale(2, 2, { count: 5, pixels }).ticks).toContain(2);
  });
});

test('range() leaves out what is not finite', () => {
  expect(range([3, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3]);
});

test.each([
  [0, '0'],
  [-0, '0'],
  [1234, '1,234'],
  [1234.56, '1,234.6'],
  [60000, '60,000'],
  [1234567, '1,234,567'],
  [0.98951, '0.9895'],
  [-0.5, '−0.5'],
  [1e-7, '1e−7'],
  [1.5e12, '1.5e12'],
  [100, '100'],
  [2900, '2,900'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '∞'],
  [Number.NEGATIVE_INFINITY, '−∞'],
])('formatNumber(%d) is %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('formatPercent()', () => {
  expect([formatPercent(0.98951, 2), formatPercent(1), formatPercent(-0.5, 0), formatPercent(Number.NaN)]).toEqual([
    '98.95 %',
    '100.0 %',
    '−50 %',
    'NaN',
  ]);
});
