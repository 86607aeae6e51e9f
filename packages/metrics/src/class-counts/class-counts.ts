/** For each label, how much weight was expected, predicted, and both: all that the scores of classification need. */
import type { Label, MetricPart } from '@dendrite/spec';
import { DendriteError } from '@dendrite/spec';
import { checkPart, sameLabel, weightOf } from '../part/check-part.ts';

export interface ClassCount {
  readonly expected: number;
  readonly predicted: number;
  /** Expected and predicted: the diagonal of the confusion matrix. */
  readonly right: number;
}
/** In order of appearance; labels that a part names are there even where none occurred. */
export type ClassCounts = ReadonlyMap<Label, ClassCount>;

const NONE: ClassCount = { expected: 0, predicted: 0, right: 0 };

/** The counts with a part added. */
export function countClasses(name: string, counts: ClassCounts, part: MetricPart): ClassCounts {
  const rows = checkPart(name, part);
  const next = new Map(counts);
  const at = (label: Label): ClassCount => next.get(label) ?? NONE;
  for (const label of part.labels ?? []) next.set(label, at(label));
  for (let i = 0; i < rows; i++) {
    const expected = part.expected[i] as Label;
    const predicted = part.predicted[i] as Label;
    if (Number.isNaN(expected) || Number.isNaN(predicted)) {
      throw new DendriteError(
        'DATA',
        `${name}: labels must not be NaN, got one at ${i}. A model that predicts NaN has lost its weights.`,
      );
    }
    const weight = weightOf(part, i);
    const right = sameLabel(name, expected, predicted) ? weight : 0;
    next.set(expected, {
      ...at(expected),
      expected: at(expected).expected + weight,
      right: at(expected).right + right,
    });
    next.set(predicted, { ...at(predicted), predicted: at(predicted).predicted + weight });
  }
  return next;
}

export function mergeClassCounts(a: ClassCounts, b: ClassCounts): ClassCounts {
  const merged = new Map(a);
  for (const [label, count] of b) {
    const own = merged.get(label) ?? NONE;
    merged.set(label, {
      expected: own.expected + count.expected,
      predicted: own.predicted + count.predicted,
      right: own.right + count.right,
    });
  }
  return merged;
}
