/** @dendrite/metrics: measures of predictions, streaming and mergeable. */
export { accuracy } from './accuracy/accuracy.ts';
export { type BleuOptions, type BleuState, bleu, corpusBleu } from './bleu/bleu.ts';
export { brierScore } from './calibration/brier-score.ts';
export { calibrationError } from './calibration/calibration-error.ts';
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
export { bitsPerCharacter, perplexity } from './likelihood/likelihood.ts';
export { logLoss } from './log-loss/log-loss.ts';
export { type MeanState, meanMetric } from './mean/weighted-mean.ts';
export { averagePrecision, type RocAucOptions, rocAuc } from './ranking/areas.ts';
export {
  type CalibrationCurve,
  type CurveOptions,
  calibrationCurve,
  type PrecisionRecallCurve,
  precisionRecallCurve,
  type RocCurve,
  rocCurve,
  scoredRows,
} from './ranking/curves.ts';
export type { ScoredRows } from './ranking/scored-rows.ts';
export {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  rootMeanSquaredError,
} from './regression/errors.ts';
export { maxError } from './regression/max-error.ts';
export { type ErrorList, medianAbsoluteError } from './regression/median-error.ts';
export { explainedVariance, r2, type VarianceState } from './regression/r2.ts';
export { editDistance } from './text-errors/edit-distance.ts';
export { characterErrorRate, type ErrorState, wordErrorRate } from './text-errors/error-rates.ts';
export { topK } from './top-k/top-k.ts';
