/** Which labels are taken for which. Its value is a table and no number, so it is like a metric, but none. */
import { DendriteError, type Label, type MetricPart } from '@dendrite/spec';
import type { ClassCounts } from '../class-counts/class-counts.ts';
import { averageScore, balanced, labelScores, totalWeight } from '../class-counts/scores.ts';
import { checkPart, columnOf, nothing, weightOf } from '../part/check-part.ts';

/** Plain data: `counts[i][j]` is the weight of examples that are `labels[i]` and were predicted as `labels[j]`. */
export interface ConfusionMatrix {
  readonly labels: readonly Label[];
  readonly counts: readonly (readonly number[])[];
}

/** Streams and merges as a metric does. */
export interface ConfusionCounter {
  init(): ConfusionMatrix;
  update(state: ConfusionMatrix, part: MetricPart): ConfusionMatrix;
  merge(a: ConfusionMatrix, b: ConfusionMatrix): ConfusionMatrix;
}

/**
 * Counts confusions part by part; the state is the matrix.
 * @param labels  Every label, in the order of rows and columns
 * @throws DATA  if a label occurs that is not among them, or one is named twice; SHAPE  if lengths differ
 */
export function confusionMatrix(labels: readonly Label[]): ConfusionCounter {
  const columns = new Map(labels.map((label, column) => [label, column]));
  if (columns.size !== labels.length) {
    throw new DendriteError(
      'DATA',
      `confusionMatrix(): labels must be named once, got ${labels.length} with ${columns.size} different. Remove the repeated ones.`,
    );
  }
  return {
    init: () => ({ labels, counts: labels.map(() => labels.map(() => 0)) }),
    update: (state, part) => {
      const rows = checkPart('confusionMatrix', part);
      const counts = state.counts.map((row) => [...row]);
      for (let i = 0; i < rows; i++) {
        const row = counts[columnOf('confusionMatrix', columns, part.expected[i] as Label)] as number[];
        const column = columnOf('confusionMatrix', columns, part.predicted[i] as Label);
        row[column] = (row[column] as number) + weightOf(part, i);
      }
      return { labels, counts };
    },
    merge: (a, b) => ({
      labels,
      counts: a.counts.map((row, i) => row.map((count, j) => count + (b.counts[i]?.[j] ?? 0))),
    }),
  };
}

/**
 * The matrix of one part.
 * Labels: those of the part, else all that occur, sorted (numbers before texts).
 * @example
 * import { confusionMatrixOf } from '@dendrite/metrics';
 * confusionMatrixOf({ expected: ['cat', 'dog', 'dog'], predicted: ['cat', 'cat', 'dog'] });
 * // { labels: ['cat', 'dog'], counts: [[1, 0], [1, 1]] }
 */
export function confusionMatrixOf(part: MetricPart): ConfusionMatrix {
  const counter = confusionMatrix(part.labels ?? occurring(part));
  return counter.update(counter.init(), part);
}

export interface ClassificationScores {
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Weight of all examples. */
  readonly support: number;
  readonly perLabel: readonly {
    readonly label: Label;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly support: number;
  }[];
}

/**
 * What a confusion matrix says: accuracy, balanced accuracy, macro precision, recall and F1, and the same of each label.
 * @throws DATA  if it counts nothing
 */
export function classificationScores(matrix: ConfusionMatrix): ClassificationScores {
  const counts: ClassCounts = new Map(
    matrix.labels.map((label, i) => [
      label,
      {
        expected: (matrix.counts[i] ?? []).reduce((total, count) => total + count, 0),
        predicted: matrix.counts.reduce((total, row) => total + (row[i] ?? 0), 0),
        right: matrix.counts[i]?.[i] ?? 0,
      },
    ]),
  );
  const support = totalWeight(counts);
  if (support === 0) throw nothing('classificationScores');
  return {
    accuracy: averageScore(counts, 'recall', 'micro'),
    balancedAccuracy: balanced(counts),
    precision: averageScore(counts, 'precision', 'macro'),
    recall: averageScore(counts, 'recall', 'macro'),
    f1: averageScore(counts, 'f1', 'macro'),
    support,
    perLabel: labelScores(counts),
  };
}

function occurring({ expected, predicted }: MetricPart): Label[] {
  const labels = new Set<Label>([...Array.from(expected), ...Array.from(predicted)]);
  return [...labels].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : typeof a === typeof b
        ? a < b
          ? -1
          : 1
        : typeof a < typeof b
          ? -1
          : 1,
  );
}
