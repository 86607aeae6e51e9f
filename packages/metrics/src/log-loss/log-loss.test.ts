import { expect, test } from 'vitest';
import { measure } from '../part/part.fixture.ts';
import { logLoss } from './log-loss.ts';

const part = (...data: number[]) => ({
  labels: ['a', 'b'],
  expected: ['a'],
  predicted: ['a'],
  probabilities: { shape: [1, 2] as const, data: Float32Array.from(data) },
});

test('is −ln p', () => {
  expect(measure(logLoss, part(0.25, 0.75))).toBe(-Math.log(0.25));
  expect(measure(logLoss, part(1, 0))).toBeCloseTo(0, 15);
});

test('a sure mistake costs much, not everything; NaN stays', () => {
  expect(measure(logLoss, part(0, 1))).toBe(23 * Math.log(2));
  expect(measure(logLoss, part(Number.NaN, 1))).toBeNaN();
});
