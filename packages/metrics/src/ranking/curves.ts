/** Curves of a classifier's scores: plain data, for `report` to draw. */
import type { Label, MetricPart } from '@dendrite/spec';
import { addScores, allScores, joinScores, rankingOf, type ScoredRows, stepsOf, totalsOf } from './scored-rows.ts';

export interface CurveOptions {
  /** The label that counts as positive. Default: the second of two. */
  readonly positive?: Label;
}
/** From the strictest threshold (∞: nothing is called positive) to the laxest. */
export interface RocCurve {
  readonly thresholds: readonly number[];
  readonly falsePositiveRates: readonly number[];
  readonly truePositiveRates: readonly number[];
}
export interface PrecisionRecallCurve {
  readonly thresholds: readonly number[];
  readonly precisions: readonly number[];
  readonly recalls: readonly number[];
}

/** Gathers rows part by part, as a metric does; curves are drawn from the state. */
export const scoredRows: {
  init(): ScoredRows;
  update(state: ScoredRows, part: MetricPart): ScoredRows;
  merge(a: ScoredRows, b: ScoredRows): ScoredRows;
} = {
  init: () => null,
  update: (state, part) => addScores('scoredRows', state, part),
  merge: joinScores,
};

const ranked = (name: string, rows: ScoredRows | MetricPart, positive: Label | undefined) =>
  rankingOf(name, allScores(name, isPart(rows) ? addScores(name, null, rows) : rows), positive);
const isPart = (rows: ScoredRows | MetricPart): rows is MetricPart => rows !== null && 'expected' in rows;

/**
 * Receiver operating characteristic: at each threshold the share of the negative and of the positive rows that score at least it.
 * @param rows  one part with probabilities, or what `scoredRows` gathered
 * @param options.positive  default the second of two labels
 * @throws DATA  without probabilities, or if one of the classes does not occur
 * @example
 * import { rocCurve } from '@dendrite/metrics';
 * rocCurve({
 *   expected: [0, 1], predicted: [0, 1], labels: [0, 1],
 *   probabilities: { shape: [2, 2], data: Float32Array.of(0.75, 0.25, 0.5, 0.5) },
 * }).truePositiveRates; // [0, 1, 1]
 */
export function rocCurve(rows: ScoredRows | MetricPart, { positive }: CurveOptions = {}): RocCurve {
  const steps = stepsOf(ranked('rocCurve', rows, positive));
  const totals = totalsOf('rocCurve', steps);
  const curve = { thresholds: [Number.POSITIVE_INFINITY], falsePositiveRates: [0], truePositiveRates: [0] };
  let [right, wrong] = [0, 0];
  for (const step of steps) {
    right += step.positive;
    wrong += step.negative;
    curve.thresholds.push(step.score);
    curve.falsePositiveRates.push(wrong / totals.negative);
    curve.truePositiveRates.push(right / totals.positive);
  }
  return curve;
}

/**
 * At each threshold the precision and the recall of calling all rows positive that score at least it. Begins at precision 1 and
 * recall 0. Says more than `rocCurve` where positive rows are rare.
 * @param rows  one part with probabilities, or what `scoredRows` gathered
 * @param options.positive  default the second of two labels
 * @throws DATA  without probabilities, or if one of the classes does not occur
 */
export function precisionRecallCurve(
  rows: ScoredRows | MetricPart,
  { positive }: CurveOptions = {},
): PrecisionRecallCurve {
  const steps = stepsOf(ranked('precisionRecallCurve', rows, positive));
  const totals = totalsOf('precisionRecallCurve', steps);
  const curve = { thresholds: [Number.POSITIVE_INFINITY], precisions: [1], recalls: [0] };
  let [right, wrong] = [0, 0];
  for (const step of steps) {
    right += step.positive;
    wrong += step.negative;
    curve.thresholds.push(step.score);
    curve.precisions.push(right / (right + wrong));
    curve.recalls.push(right / totals.positive);
  }
  return curve;
}

export interface CalibrationCurve {
  /** Mean probability of the rows of each bin that has some. */
  readonly predicted: readonly number[];
  /** Share of them that are positive. */
  readonly observed: readonly number[];
  /** Their weight. */
  readonly weights: readonly number[];
}

/**
 * Whether a probability of 0.8 comes true 8 times in 10: bins of equal width over [0, 1].
 * @param rows  one part with probabilities, or what `scoredRows` gathered
 * @param options.bins      default 10
 * @param options.positive  default the second of two labels
 * @throws DATA  without probabilities, or for no rows
 */
export function calibrationCurve(
  rows: ScoredRows | MetricPart,
  { bins = 10, positive }: CurveOptions & { readonly bins?: number } = {},
): CalibrationCurve {
  const ranking = ranked('calibrationCurve', rows, positive);
  const sums = Array.from({ length: bins }, () => ({ weight: 0, score: 0, positive: 0 }));
  for (let row = 0; row < ranking.rows; row++) {
    const score = ranking.score(row);
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(score * bins) - 1))];
    const weight = ranking.weight(row);
    if (bin === undefined) continue;
    bin.weight += weight;
    bin.score += weight * score;
    if (ranking.positive(row)) bin.positive += weight;
  }
  const filled = sums.filter(({ weight }) => weight > 0);
  return {
    predicted: filled.map(({ score, weight }) => score / weight),
    observed: filled.map(({ positive: share, weight }) => share / weight),
    weights: filled.map(({ weight }) => weight),
  };
}
