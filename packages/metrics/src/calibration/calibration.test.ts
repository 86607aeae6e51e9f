import { expect, test } from 'vitest';
import { bitsPerCharacter, perplexity } from '../likelihood/likelihood.ts';
import { measure } from '../part/part.fixture.ts';
import { brierScore } from './brier-score.ts';
import { calibrationError } from './calibration-error.ts';

const labels = ['a', 'b', 'c', 'd'];
const guess = { shape: [2, 4] as const, data: new Float32Array(8).fill(0.25) };

test('guessing among four: perplexity 4, two bits, a Brier score of 3/4', () => {
  const part = { labels, expected: ['a', 'd'], predicted: ['a', 'a'], probabilities: guess };
  expect(measure(perplexity, part)).toBeCloseTo(4, 12);
  expect(measure(bitsPerCharacter, part)).toBeCloseTo(2, 12);
  expect(measure(brierScore, part)).toBe(0.75);
  // Half are right, and all were given a quarter.
  expect(measure(calibrationError(), part)).toBe(0.25);
});

test('what was ruled out costs much, but not everything; NaN stays', () => {
  const of = (p: number) => ({
    labels: ['a', 'b'],
    expected: ['b'],
    predicted: ['a'],
    probabilities: { shape: [1, 2] as const, data: Float32Array.of(1 - p, p) },
  });
  expect(measure(bitsPerCharacter, of(0))).toBe(126);
  expect(measure(perplexity, of(0.5))).toBeCloseTo(2, 12);
  for (const metric of [perplexity, bitsPerCharacter, brierScore]) expect(measure(metric, of(Number.NaN))).toBeNaN();
  expect(measure(calibrationError(), of(Number.NaN))).toBeNaN();
  expect(measure(brierScore, of(0.25))).toBe(0.5625);
  expect(() => calibrationError({ bins: 0 })).toThrow('bins must be a whole number of at least 1, got 0');
});
