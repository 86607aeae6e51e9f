/** What holds of every metric, and the values of scikit-learn. */
import { isDendriteError, type Metric, type MetricPart } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { accuracy } from './accuracy/accuracy.ts';
import { brierScore } from './calibration/brier-score.ts';
import { calibrationError } from './calibration/calibration-error.ts';
import {
  balancedAccuracy,
  cohenKappa,
  f1,
  matthewsCorrelation,
  precision,
  recall,
} from './class-counts/class-metrics.ts';
import { fourClasses, missingClass, numbers } from './golden.fixture.ts';
import { bitsPerCharacter, perplexity } from './likelihood/likelihood.ts';
import { logLoss } from './log-loss/log-loss.ts';
import { measure, rowsOf } from './part/part.fixture.ts';
import { averagePrecision, rocAuc } from './ranking/areas.ts';
import {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  rootMeanSquaredError,
} from './regression/errors.ts';
import { maxError } from './regression/max-error.ts';
import { medianAbsoluteError } from './regression/median-error.ts';
import { explainedVariance, r2 } from './regression/r2.ts';
import { topK } from './top-k/top-k.ts';

const classification: readonly Metric[] = [
  accuracy,
  topK(1),
  topK(2),
  logLoss,
  balancedAccuracy,
  cohenKappa,
  matthewsCorrelation,
  precision(),
  recall({ average: 'weighted' }),
  f1({ average: 'micro' }),
  rocAuc(),
  rocAuc({ against: 'pairs' }),
  rocAuc({ positive: 1 }),
  averagePrecision({ positive: 3 }),
  brierScore,
  calibrationError(),
  perplexity,
  bitsPerCharacter,
];
const regression: readonly Metric[] = [
  meanAbsoluteError,
  meanSquaredError,
  rootMeanSquaredError,
  meanAbsolutePercentageError,
  maxError,
  medianAbsoluteError,
  r2,
  explainedVariance,
];
const every = [
  ...classification.map((metric) => [metric.name, metric, fourClasses] as const),
  ...regression.map((metric) => [metric.name, metric, numbers] as const),
];
const unweighted = ({ sampleWeight: _, ...part }: MetricPart): MetricPart => part;

describe('scikit-learn gives the same', () => {
  test.each<[string, Metric, MetricPart, number]>([
    ['accuracy', accuracy, unweighted(fourClasses), 0.6666666666666666],
    ['accuracy, weighted', accuracy, fourClasses, 0.6584807223767962],
    ['accuracy, a class missing', accuracy, missingClass, 0.8166666666666667],
    ['top 1', topK(1), unweighted(fourClasses), 0.6666666666666666],
    ['top 2', topK(2), unweighted(fourClasses), 0.8666666666666667],
    ['top 4 of 4', topK(4), fourClasses, 1],
    ['balanced accuracy', balancedAccuracy, unweighted(fourClasses), 0.6713800904977375],
    ['balanced accuracy, a class missing', balancedAccuracy, missingClass, 0.8189640768588138],
    ['Matthews', matthewsCorrelation, unweighted(fourClasses), 0.5611067260969219],
    ['Matthews, a class missing', matthewsCorrelation, missingClass, 0.7364459851129747],
    ['kappa', cohenKappa, unweighted(fourClasses), 0.5565410199556542],
    ['kappa, a class missing', cohenKappa, missingClass, 0.7318163348232426],
    ['precision, macro', precision(), unweighted(fourClasses), 0.6684873949579833],
    ['precision, macro, a class missing', precision(), missingClass, 0.6455357142857143],
    ['precision, weighted', precision({ average: 'weighted' }), missingClass, 0.8605952380952381],
    ['precision, micro', precision({ average: 'micro' }), missingClass, 0.8166666666666667],
    ['recall, macro', recall(), missingClass, 0.6142230576441103],
    ['recall, weighted', recall({ average: 'weighted' }), missingClass, 0.8166666666666667],
    ['F1, macro', f1(), missingClass, 0.6267615176151762],
    ['F1, weighted', f1({ average: 'weighted' }), unweighted(fourClasses), 0.6695338004941268],
    ['mean absolute error', meanAbsoluteError, unweighted(numbers), 0.33841723116212297],
    ['mean squared error', meanSquaredError, unweighted(numbers), 0.19155333810853045],
    ['mean squared error, weighted', meanSquaredError, numbers, 0.20018550917959926],
    ['root mean squared error', rootMeanSquaredError, unweighted(numbers), 0.43766806841318734],
    ['percentage error', meanAbsolutePercentageError, unweighted(numbers), 0.13265212669689513],
    ['r2', r2, unweighted(numbers), 0.6815327104077329],
    ['explained variance', explainedVariance, unweighted(numbers), 0.681532843068583],
    ['largest error', maxError, unweighted(numbers), 1.0793568943878988],
    ['median absolute error', medianAbsoluteError, unweighted(numbers), 0.257777495760652],
    ['area under ROC, one against the rest', rocAuc(), unweighted(fourClasses), 0.8911523505469972],
    ['area under ROC, pairs', rocAuc({ against: 'pairs' }), unweighted(fourClasses), 0.8933753700910564],
  ])('%s', (_, metric, part, value) => {
    expect(measure(metric, part)).toBeCloseTo(value, 13);
  });

  test('log loss, to the digits of float32 probabilities', () => {
    expect(measure(logLoss, unweighted(fourClasses))).toBeCloseTo(0.8916537069954465, 6);
  });
});

describe.each(every)('%s', (_, metric, part) => {
  const whole = measure(metric, part);

  test.each([0, 1, 7, 30, 59, 60])('split at %i and merged is the whole', (at) => {
    const a = metric.update(metric.init(), rowsOf(part, 0, at));
    const b = metric.update(metric.init(), rowsOf(part, at, 60));
    expect(metric.value(metric.merge(a, b))).toBeCloseTo(whole, 12);
    const c = metric.update(metric.update(metric.init(), rowsOf(part, at, 60)), rowsOf(part, 0, at));
    expect(metric.value(c)).toBeCloseTo(whole, 12);
  });

  test('example by example is the whole', () => {
    const parts = Array.from({ length: 60 }, (_, i) => rowsOf(part, i, i + 1));
    expect(measure(metric, ...parts)).toBeCloseTo(whole, 12);
  });

  test('merging with nothing changes nothing', () => {
    const state = metric.update(metric.init(), part);
    expect(metric.value(metric.merge(metric.init(), state))).toBe(whole);
    expect(metric.value(metric.merge(state, metric.init()))).toBe(whole);
  });

  test('a weight of 2 is the example twice, of 0 no example', () => {
    const first = rowsOf(unweighted(part), 0, 20);
    const twice = measure(metric, first, first, rowsOf(unweighted(part), 20, 40));
    const weights = Array.from({ length: 60 }, (_, i) => (i < 20 ? 2 : i < 40 ? 1 : 0));
    expect(measure(metric, { ...part, sampleWeight: weights })).toBeCloseTo(twice, 12);
  });

  test('of nothing teaches instead of giving 0', () => {
    for (const empty of [rowsOf(part, 0, 0), { ...part, sampleWeight: new Float32Array(60) }]) {
      const state = metric.update(metric.init(), empty);
      expect(() => metric.value(state)).toThrow(
        `${metric.name}: there must be at least one example with a weight above 0, got none. Check that the data, or the part held out, has rows.`,
      );
    }
    try {
      metric.value(metric.init());
    } catch (error) {
      expect(isDendriteError(error, 'DATA')).toBe(true);
    }
  });

  test('lengths that differ and bad weights are refused', () => {
    const update = (wrong: Partial<MetricPart>) => () => metric.update(metric.init(), { ...part, ...wrong });
    expect(update({ predicted: [1] })).toThrow('predicted must be as many as expected, got 1 and 60');
    expect(update({ sampleWeight: [1] })).toThrow('sampleWeight must have one weight an example, got 1 for 60');
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const sampleWeight = new Array<number>(60).fill(1).with(7, bad);
      expect(update({ sampleWeight })).toThrow(
        `${metric.name}: sampleWeight must be finite and at least 0, got ${bad} at 7.`,
      );
    }
  });
});

test.each(regression.map((metric) => [metric.name, metric] as const))(
  '%s never swallows NaN, takes no text',
  (_, metric) => {
    for (const place of [0, 1, 2]) {
      const holed = [1, 2, 4].with(place, Number.NaN);
      expect(measure(metric, { expected: holed, predicted: [1, 2, 3] })).toBeNaN();
      expect(measure(metric, { expected: [1, 2, 3], predicted: holed })).toBeNaN();
    }
    expect(() => measure(metric, { expected: ['a'], predicted: [1] })).toThrow(
      'expected must be numbers, got "a" at 0. For labels use',
    );
  },
);
