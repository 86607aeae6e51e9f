/** Precision, recall, F1 and their relatives, from counts. Where a share has nothing to divide by, it is 0. */
import type { Label } from '@dendrite/spec';
import type { ClassCount, ClassCounts } from './class-counts.ts';

export type ScoreName = 'precision' | 'recall' | 'f1';
/** `macro` weighs labels alike, `weighted` by how often they are expected, `micro` pools all examples (and is then accuracy). */
export type Average = 'macro' | 'micro' | 'weighted';

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Of one label: `right / predicted`, `right / expected`, and their harmonic mean `2·right / (expected + predicted)`. */
export const classScores: Readonly<Record<ScoreName, (count: ClassCount) => number>> = {
  precision: ({ right, predicted }) => share(right, predicted),
  recall: ({ right, expected }) => share(right, expected),
  f1: ({ right, expected, predicted }) => share(2 * right, expected + predicted),
};

/** The weight of all examples. */
export const totalWeight = (counts: ClassCounts): number => sum(counts, ({ expected }) => expected);

/** One number for all labels. */
export function averageScore(counts: ClassCounts, score: ScoreName, average: Average): number {
  const of = classScores[score];
  const total = totalWeight(counts);
  if (average === 'micro') {
    return of({ right: sum(counts, ({ right }) => right), expected: total, predicted: total });
  }
  if (average === 'weighted')
    return share(
      sum(counts, (count) => count.expected * of(count)),
      total,
    );
  return share(sum(counts, of), counts.size);
}

/** The mean recall of the labels that occur: accuracy as it would be if all were equally frequent. */
export function balanced(counts: ClassCounts): number {
  const occurring = [...counts.values()].filter(({ expected }) => expected > 0);
  return share(
    occurring.reduce((total, count) => total + classScores.recall(count), 0),
    occurring.length,
  );
}

/**
 * Matthews' correlation of expected and predicted labels, from −1 to 1; 0 where one of them never varies.
 * @source Gorodkin: Comparing two K-category assignments by a K-category correlation coefficient (2004)
 */
export function matthews(counts: ClassCounts): number {
  const n = totalWeight(counts);
  const right = sum(counts, (count) => count.right);
  const joint = sum(counts, ({ expected, predicted }) => expected * predicted);
  const expectedVaries = n * n - sum(counts, ({ expected }) => expected ** 2);
  const predictedVaries = n * n - sum(counts, ({ predicted }) => predicted ** 2);
  return share(right * n - joint, Math.sqrt(expectedVaries * predictedVaries));
}

/**
 * Cohen's kappa: agreement beyond chance, `(observed − chance) / (1 − chance)`; 0 where chance alone agrees fully.
 * @source Cohen: A coefficient of agreement for nominal scales (1960)
 */
export function kappa(counts: ClassCounts): number {
  const n = totalWeight(counts);
  const observed = sum(counts, ({ right }) => right) / n;
  const chance = sum(counts, ({ expected, predicted }) => expected * predicted) / (n * n);
  return share(observed - chance, 1 - chance);
}

/** Everything about each label, for tables. */
export const labelScores = (
  counts: ClassCounts,
): {
  readonly label: Label;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}[] =>
  Array.from(counts, ([label, count]) => ({
    label,
    precision: classScores.precision(count),
    recall: classScores.recall(count),
    f1: classScores.f1(count),
    support: count.expected,
  }));

function sum(counts: ClassCounts, of: (count: ClassCount) => number): number {
  let total = 0;
  for (const count of counts.values()) total += of(count);
  return total;
}
