/** Areas under curves: how well scores rank, whatever the threshold. */
import { DendriteError, type Label, type Metric } from '@dendrite/spec';
import {
  addScores,
  allScores,
  joinScores,
  type Ranking,
  rankingOf,
  type ScoredRows,
  type Step,
  stepsOf,
  totalsOf,
} from './scored-rows.ts';

export interface RocAucOptions {
  /** The label against the rest. Default: of two labels the second; of more, all of them are averaged. */
  readonly positive?: Label;
  /** Of more than two labels: each against the rest (`'rest'`, default), or each against each other (`'pairs'`). */
  readonly against?: 'rest' | 'pairs';
}

/**
 * Area under the ROC curve: the probability that a positive row scores higher than a negative one, ties counting half. 0.5 is
 * chance, 1 is perfect. Of more than two labels it is the mean over labels, or over ordered pairs of labels. Exact, so it keeps
 * all scores it is given.
 * @throws OPTION  for an unknown option; DATA  without probabilities, if one side of a comparison does not occur, or for NaN
 * @source Hand and Till (2001), A simple generalisation of the area under the ROC curve, for pairs
 * @example
 * import { rocAuc } from '@dendrite/metrics';
 * const metric = rocAuc({ against: 'pairs' });
 */
export function rocAuc({ positive, against = 'rest' }: RocAucOptions = {}): Metric<ScoredRows> {
  if (against !== 'rest' && against !== 'pairs')
    throw new DendriteError(
      'OPTION',
      `rocAuc(): against must be 'rest' or 'pairs', got ${String(against)}. Leave it out for 'rest'.`,
    );
  return areaMetric('rocAuc', (state) => {
    const all = allScores('rocAuc', state);
    const area = (ranking: Ranking): number => rocArea(stepsOf(ranking));
    if (positive !== undefined || all.labels.length === 2) return area(rankingOf('rocAuc', all, positive));
    const rankings = all.labels.map((label) => rankingOf('rocAuc', all, label));
    if (against === 'rest') return meanOf(rankings.map(area));
    return meanOf(
      rankings.flatMap((ranking, label) =>
        rankings.flatMap((_, other) =>
          other === label ? [] : [area(only(ranking, (row) => all.codes[row] === label || all.codes[row] === other))],
        ),
      ),
    );
  });
}

/**
 * Average precision: `Σ (Rₙ − Rₙ₋₁)·Pₙ` over the steps of the precision-recall curve. The share of positive rows is chance.
 * @param options.positive  default: the second of two labels
 * @throws DATA  without probabilities, if the label or all others do not occur, or for NaN
 */
export function averagePrecision({ positive }: { readonly positive?: Label } = {}): Metric<ScoredRows> {
  return areaMetric('averagePrecision', (state) => {
    const steps = stepsOf(rankingOf('averagePrecision', allScores('averagePrecision', state), positive));
    const totals = totalsOf('averagePrecision', steps);
    let [right, seen, area] = [0, 0, 0];
    for (const step of steps) {
      right += step.positive;
      seen += step.positive + step.negative;
      area += (step.positive / totals.positive) * (right / seen);
    }
    return area;
  });
}

const areaMetric = (name: string, value: (state: ScoredRows) => number): Metric<ScoredRows> =>
  Object.freeze<Metric<ScoredRows>>({
    '~dendrite': 'metric',
    name,
    task: 'classification',
    init: () => null,
    update: (state, part) => addScores(name, state, part),
    merge: joinScores,
    value,
  });

/** Trapezoids: of each step's negatives all earlier positives are above, and half of its own. */
function rocArea(steps: readonly Step[]): number {
  const totals = totalsOf('rocAuc', steps);
  let [right, area] = [0, 0];
  for (const step of steps) {
    area += step.negative * (right + step.positive / 2);
    right += step.positive;
  }
  return area / (totals.positive * totals.negative);
}

function only(ranking: Ranking, kept: (row: number) => boolean): Ranking {
  const rows = Array.from({ length: ranking.rows }, (_, row) => row).filter(kept);
  const at = (row: number): number => rows[row] ?? 0;
  return {
    rows: rows.length,
    score: (row) => ranking.score(at(row)),
    positive: (row) => ranking.positive(at(row)),
    weight: (row) => ranking.weight(at(row)),
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
