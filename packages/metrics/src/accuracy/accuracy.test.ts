import { expect, test } from 'vitest';
import { measure } from '../part/part.fixture.ts';
import { accuracy } from './accuracy.ts';

test('counts texts, numbers and booleans, also from typed arrays', () => {
  expect(measure(accuracy, { expected: ['a', 'b', 'c'], predicted: ['a', 'c', 'c'] })).toBe(2 / 3);
  expect(measure(accuracy, { expected: Uint8Array.of(3, 1), predicted: Float32Array.of(3, 2) })).toBe(0.5);
  expect(measure(accuracy, { expected: [true, false], predicted: [true, false] })).toBe(1);
});

test('a text against a number throws: it would quietly be wrong', () => {
  expect(() => measure(accuracy, { expected: [1, 2], predicted: ['1', '2'] })).toThrow(
    'accuracy: expected and predicted labels must be of one type, got 1 (number) and "1" (string). Convert one side, with String() or Number().',
  );
});

test('NaN is not a wrong label but no answer', () => {
  expect(measure(accuracy, { expected: [1, 2], predicted: [1, Number.NaN] })).toBeNaN();
});
