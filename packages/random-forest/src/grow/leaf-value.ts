/** What a leaf says, worked out from its rows. */
import { classOf } from '../kernels/kernels.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface LeafValues {
  /**
   * The number of the leaf of rows [begin, end): a pure leaf is its class; others, and all of numbers, get values of their own.
   * @param totals  of the node, where they are known
   */
  number(begin: number, end: number, totals?: Float64Array): number;
  /** Class fractions, or numbers, of the leaves so far. Emptied for another tree: made anew, this would be compiled anew. */
  readonly values: number[];
}

export function leafValues(workspace: Workspace, rowWeights: Float64Array | undefined): LeafValues {
  const { entries, pairs, targets, classes } = workspace;
  const values: number[] = [];
  const counts = new Float64Array(classes);
  if (classes === 0)
    return {
      values,
      number(begin, end) {
        // What the others have more than the first: where all are alike, that is what the leaf says, to the last bit.
        const first = targets[entries[2 * begin] as number] as number;
        let [weight, sum] = [0, 0];
        for (let i = begin; i < end; i++) {
          const row = entries[2 * i] as number;
          const own = pairs[2 * row] as number;
          weight += own;
          sum += own * ((targets[row] as number) - first);
        }
        return values.push(first + sum / weight) - 1;
      },
    };
  return {
    values,
    number(begin, end, totals) {
      // Whole totals are those of the rows; others were rounded on their way down.
      const own = totals && rowWeights === undefined ? totals : countClasses(workspace, rowWeights, begin, end, counts);
      let weight = 0;
      for (let k = 0; k < classes; k++) weight += own[k] as number;
      for (let k = 0; k < classes; k++) if (own[k] === weight) return k;
      for (let k = 0; k < classes; k++) values.push((own[k] as number) / weight);
      return classes + values.length / classes - 1;
    },
  };
}

/** The weight of each class in rows [begin, end), into `counts`: a class without rows has 0, not what rounding left of it. */
export function countClasses(
  { entries, classes }: Workspace,
  rowWeights: Float64Array | undefined,
  begin: number,
  end: number,
  counts: Float64Array,
): Float64Array {
  counts.fill(0);
  for (let i = begin; i < end; i++) {
    const tag = entries[2 * i + 1] as number;
    const times = (tag & 0xffff) * (rowWeights === undefined ? 1 : (rowWeights[entries[2 * i] as number] as number));
    const label = classOf(tag, classes);
    counts[label] = (counts[label] as number) + times;
  }
  return counts;
}
