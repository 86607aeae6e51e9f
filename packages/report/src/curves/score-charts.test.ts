import { expect, test } from 'vitest';
import { elementsOf, textsOf, unbalanced } from '../markup/markup.fixture.ts';
import { learningRateChart } from './learning-rate-chart.ts';
import { calibrationChart, precisionRecallChart, rocChart } from './score-charts.ts';

const roc = { falsePositiveRates: [0, 0, 0.5, 1], truePositiveRates: [0, 0.5, 1, 1] };

test('a ROC curve says its area, and chance is beside it', () => {
  const svg = rocChart({ net: roc });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['area 0.875', 'net 1', 'chance 1', 'false positive rate']));
  expect(elementsOf(svg, 'path')).toHaveLength(2);
  expect(unbalanced(svg)).toEqual([]);
  expect(elementsOf(rocChart({ a: roc, b: roc }), 'svg')[0]?.['aria-label']).toContain('a: area 0.875; b: area 0.875');
});

test('precision and recall, with the share of positives; calibration with its diagonal', () => {
  const svg = precisionRecallChart({ net: { recalls: [0, 0.5, 1], precisions: [1, 0.8, 0.25] } }, { share: 0.25 });
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['net 0.25', 'chance 0.25', 'recall', 'precision']));
  const calibration = calibrationChart({ net: { predicted: [0.1, 0.9], observed: [0.2, 0.7] } });
  expect(textsOf(calibration)).toEqual(expect.arrayContaining(['net 0.7', 'perfect 1']));
  expect(unbalanced(svg + calibration)).toEqual([]);
});

test('rates lie on a log axis, the suggested one is marked', () => {
  const svg = learningRateChart({ rates: [0.001, 0.01, 0.1], losses: [3, 2, 4], suggested: 0.01 });
  const [first, middle, last] = (elementsOf(svg, 'path')[1]?.d ?? '')
    .split(/[ML]/)
    .slice(1)
    .map((pair) => Number(pair.split(' ')[0]));
  expect((middle ?? 0) - (first ?? 0)).toBeCloseTo((last ?? 0) - (middle ?? 0), 1);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['suggested 0.01', 'learning rate (log scale)', '0.01', '0.1']));
  expect(textsOf(learningRateChart({ rates: [0, 1], losses: [1, 2] }))).toContain(
    '2 values are not finite, so not drawn',
  );
});

test('lists of two lengths are refused', () => {
  expect(() => rocChart({ net: { falsePositiveRates: [0], truePositiveRates: [] } })).toThrow('got 1 and 0');
});
