import type { MetricPart } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { measure } from '../part/part.fixture.ts';
import { averagePrecision, rocAuc } from './areas.ts';
import { calibrationCurve, precisionRecallCurve, rocCurve, scoredRows } from './curves.ts';

/** Two labels, the score of the second, and what came. */
const part = (scores: readonly number[], expected: readonly string[]): MetricPart => ({
  labels: ['no', 'yes'],
  expected,
  predicted: scores.map((score) => (score > 0.5 ? 'yes' : 'no')),
  probabilities: { shape: [scores.length, 2], data: Float32Array.from(scores.flatMap((score) => [1 - score, score])) },
});
const four = part([0.125, 0.5, 0.375, 0.875], ['no', 'no', 'yes', 'yes']);

test('by hand: three of four pairs are in order', () => {
  expect(measure(rocAuc(), four)).toBe(0.75);
  expect(measure(rocAuc({ positive: 'no' }), four)).toBe(0.75);
  expect(measure(averagePrecision(), four)).toBeCloseTo(1 / 2 + 1 / 2 / 1.5, 15);
  expect(rocCurve(four)).toEqual({
    thresholds: [Number.POSITIVE_INFINITY, 0.875, 0.5, 0.375, 0.125],
    falsePositiveRates: [0, 0, 0.5, 0.5, 1],
    truePositiveRates: [0, 0.5, 0.5, 1, 1],
  });
  expect(precisionRecallCurve(four)).toEqual({
    thresholds: [Number.POSITIVE_INFINITY, 0.875, 0.5, 0.375, 0.125],
    precisions: [1, 1, 1 / 2, 2 / 3, 1 / 2],
    recalls: [0, 0.5, 0.5, 1, 1],
  });
});

test('ties count half, whatever their order', () => {
  for (const expected of [
    ['no', 'yes'],
    ['yes', 'no'],
  ])
    expect(measure(rocAuc(), part([0.25, 0.25], expected))).toBe(0.5);
  expect(rocCurve(part([0.25, 0.25, 0.25], ['no', 'yes', 'no'])).truePositiveRates).toEqual([0, 1]);
});

test('what was gathered part by part gives the curve of the whole; rows of no weight are not there', () => {
  const halves = [part([0.125, 0.5], ['no', 'no']), part([0.375, 0.875], ['yes', 'yes'])] as const;
  const state = scoredRows.merge(
    scoredRows.update(scoredRows.init(), halves[0]),
    scoredRows.update(scoredRows.init(), halves[1]),
  );
  expect(rocCurve(state)).toEqual(rocCurve(four));
  expect(precisionRecallCurve(state)).toEqual(precisionRecallCurve(four));
  const light = { ...part([0.125, 0.5, 0.99], ['no', 'no', 'no']), sampleWeight: [1, 1, 0] };
  expect(rocCurve(scoredRows.update(scoredRows.update(null, light), halves[1]))).toEqual(rocCurve(four));
});

test('calibration: the mean probability of a bin beside what came; a bound belongs to the bin below it', () => {
  const curve = calibrationCurve(part([0, 0.125, 0.25, 0.75, 0.875], ['no', 'no', 'yes', 'yes', 'no']), { bins: 4 });
  expect(curve).toEqual({ predicted: [0.125, 0.75, 0.875], observed: [1 / 3, 1, 0], weights: [3, 1, 1] });
});

test('what a curve cannot be drawn from is refused', () => {
  expect(() => measure(rocAuc(), part([0.25], ['no']))).toThrow(
    'rocAuc: there must be rows of the label and of others, got a weight of 0 and 1. Measure on data that has both.',
  );
  expect(() => rocCurve(part([0.25, Number.NaN], ['no', 'yes']))).toThrow('probabilities must not be NaN');
  expect(() => measure(averagePrecision({ positive: 'maybe' }), four)).toThrow(
    'averagePrecision: positive must be one of the labels no, yes, got maybe.',
  );
  expect(() => measure(rocAuc(), four, { ...four, labels: ['yes', 'no'] })).toThrow(
    'rocAuc: all parts must have the labels no, yes in one order, got yes, no.',
  );
  const { probabilities: _, ...bare } = four;
  expect(() => rocCurve(bare)).toThrow('probabilities and labels must be there');
  // @ts-expect-error There is no such comparison.
  expect(() => rocAuc({ against: 'all' })).toThrow("against must be 'rest' or 'pairs', got all");
});
