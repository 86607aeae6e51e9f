/** Means of the errors of regression. */
import type { Metric, MetricPart } from '@dendrite/spec';
import { type MeanState, meanMetric } from '../mean/weighted-mean.ts';
import { numberAt } from '../part/check-part.ts';

type Score = (expected: number, predicted: number) => number;

/** The score of each example from its two numbers. */
const from =
  (name: string, score: Score) =>
  ({ expected, predicted }: MetricPart) =>
  (i: number): number =>
    score(numberAt(name, 'expected', expected, i), numberAt(name, 'predicted', predicted, i));

const errorMetric = (name: string, score: Score, of?: (mean: number) => number): Metric<MeanState> =>
  meanMetric({ name, task: 'regression', scores: from(name, score), ...(of === undefined ? {} : { of }) });

const squared: Score = (expected, predicted) => (expected - predicted) ** 2;

/** Mean absolute error: `Σ wᵢ·|expectedᵢ − predictedᵢ| / Σ wᵢ`, in the unit of the target. NaN stays NaN. */
export const meanAbsoluteError: Metric<MeanState> = /* @__PURE__ */ errorMetric(
  'meanAbsoluteError',
  (expected, predicted) => Math.abs(expected - predicted),
);

/** Mean squared error: `Σ wᵢ·(expectedᵢ − predictedᵢ)² / Σ wᵢ`. NaN stays NaN. */
export const meanSquaredError: Metric<MeanState> = /* @__PURE__ */ errorMetric('meanSquaredError', squared);

/** Root mean squared error: the square root of `meanSquaredError`, in the unit of the target. NaN stays NaN. */
export const rootMeanSquaredError: Metric<MeanState> = /* @__PURE__ */ errorMetric(
  'rootMeanSquaredError',
  squared,
  Math.sqrt,
);

/**
 * Mean absolute percentage error, as a fraction: `Σ wᵢ·|expectedᵢ − predictedᵢ| / max(|expectedᵢ|, 2⁻⁵²) / Σ wᵢ`. Enormous
 * where a target is 0. NaN stays NaN.
 */
export const meanAbsolutePercentageError: Metric<MeanState> = /* @__PURE__ */ errorMetric(
  'meanAbsolutePercentageError',
  (expected, predicted) => Math.abs(expected - predicted) / Math.max(Math.abs(expected), 2 ** -52),
);
