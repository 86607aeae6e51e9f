import { expect, test } from 'vitest';
import { measure } from '../part/part.fixture.ts';
import { balancedAccuracy, cohenKappa, f1, matthewsCorrelation, precision, recall } from './class-metrics.ts';

// a is right 3 of 4 times; b 1 of 2; c is predicted once and never occurs.
const part = { expected: ['a', 'a', 'a', 'a', 'b', 'b'], predicted: ['a', 'a', 'a', 'b', 'b', 'c'] };

test('worked by hand', () => {
  expect(measure(precision(), part)).toBeCloseTo((1 + 1 / 2 + 0) / 3, 15);
  expect(measure(recall(), part)).toBeCloseTo((3 / 4 + 1 / 2 + 0) / 3, 15);
  expect(measure(f1(), part)).toBeCloseTo((6 / 7 + 2 / 4 + 0) / 3, 15);
  expect(measure(balancedAccuracy, part)).toBe(0.625);
  expect(measure(recall({ average: 'micro' }), part)).toBeCloseTo(4 / 6, 15);
  expect(measure(recall({ average: 'weighted' }), part)).toBeCloseTo(4 / 6, 15);
  expect(measure(cohenKappa, part)).toBeCloseTo((4 / 6 - 16 / 36) / (1 - 16 / 36), 15);
});

test('always the same label: high accuracy, and these see through it', () => {
  const lazy = { expected: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], predicted: new Uint8Array(10) };
  expect(measure(balancedAccuracy, lazy)).toBe(0.5);
  expect(measure(matthewsCorrelation, lazy)).toBe(0);
  expect(measure(cohenKappa, lazy)).toBe(0);
});

test('perfect is 1, always wrong −1', () => {
  expect(measure(matthewsCorrelation, { expected: [0, 1, 1], predicted: [0, 1, 1] })).toBeCloseTo(1, 15);
  expect(measure(matthewsCorrelation, { expected: [0, 1], predicted: [1, 0] })).toBeCloseTo(-1, 15);
});

test('a part changes no state that was handed out', () => {
  const first = balancedAccuracy.update(balancedAccuracy.init(), part);
  const value = balancedAccuracy.value(first);
  balancedAccuracy.update(first, part);
  balancedAccuracy.merge(first, first);
  expect(balancedAccuracy.value(first)).toBe(value);
});

test('a NaN label and an unknown average are refused', () => {
  expect(() => measure(f1(), { expected: [1], predicted: [Number.NaN] })).toThrow(
    'f1: labels must not be NaN, got one at 0.',
  );
  // @ts-expect-error There is no such average.
  expect(() => f1({ average: 'mean' })).toThrow('f1(): average must be one of macro, micro, weighted, got mean.');
});
