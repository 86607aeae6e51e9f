/** @dendrite/metrics: measures of predictions, streaming and mergeable. */
export { accuracy } from './accuracy/accuracy.ts';
export type { ClassCount, ClassCounts } from './class-counts/class-counts.ts';
export {
  type AverageOptions,
  balancedAccuracy,
  cohenKappa,
  f1,
  matthewsCorrelation,
  precision,
  recall,
} from './class-counts/class-metrics.ts';
export type { Average } from './class-counts/scores.ts';
export {
  type ClassificationScores,
  type ConfusionCounter,
  type ConfusionMatrix,
  classificationScores,
  confusionMatrix,
  confusionMatrixOf,
} from './confusion-matrix/confusion-matrix.ts';
export { logLoss } from './log-loss/log-loss.ts';
export { type MeanState, meanMetric } from './mean/weighted-mean.ts';
export {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  rootMeanSquaredError,
} from './regression/errors.ts';
export { maxError } from './regression/max-error.ts';
export { explainedVariance, r2, type VarianceState } from './regression/r2.ts';
export { topK } from './top-k/top-k.ts';
