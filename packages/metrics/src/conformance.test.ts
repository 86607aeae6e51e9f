/** The metric kit on every metric of this package. */
import { metricConformance } from '@dendrite/conformance';
import type { Metric } from '@dendrite/spec';
import { describe, test } from 'vitest';
import * as metrics from './index.ts';

const every: readonly (readonly [name: string, make: () => Metric, perfect: number])[] = [
  ['accuracy', () => metrics.accuracy, 1],
  ['topK', () => metrics.topK(2), 1],
  ['logLoss', () => metrics.logLoss, 0],
  ['balancedAccuracy', () => metrics.balancedAccuracy, 1],
  ['precision', () => metrics.precision(), 1],
  ['recall', () => metrics.recall({ average: 'weighted' }), 1],
  ['f1', () => metrics.f1({ average: 'micro' }), 1],
  ['matthewsCorrelation', () => metrics.matthewsCorrelation, 1],
  ['cohenKappa', () => metrics.cohenKappa, 1],
  ['rocAuc', () => metrics.rocAuc(), 1],
  ['rocAuc, pairs', () => metrics.rocAuc({ against: 'pairs' }), 1],
  ['averagePrecision', () => metrics.averagePrecision({ positive: 'bee' }), 1],
  ['brierScore', () => metrics.brierScore, 0],
  ['calibrationError', () => metrics.calibrationError(), 0],
  ['perplexity', () => metrics.perplexity, 1],
  ['bitsPerCharacter', () => metrics.bitsPerCharacter, 0],
  ['wordErrorRate', () => metrics.wordErrorRate, 0],
  ['characterErrorRate', () => metrics.characterErrorRate, 0],
  ['bleu', () => metrics.bleu(), 1],
  ['meanAbsoluteError', () => metrics.meanAbsoluteError, 0],
  ['meanSquaredError', () => metrics.meanSquaredError, 0],
  ['rootMeanSquaredError', () => metrics.rootMeanSquaredError, 0],
  ['meanAbsolutePercentageError', () => metrics.meanAbsolutePercentageError, 0],
  ['medianAbsoluteError', () => metrics.medianAbsoluteError, 0],
  ['maxError', () => metrics.maxError, 0],
  ['r2', () => metrics.r2, 1],
  ['explainedVariance', () => metrics.explainedVariance, 1],
];

describe.each(every)('%s', (_name, make, perfect) => {
  for (const each of metricConformance(make, { perfect })) test(each.name, each.run);
});
