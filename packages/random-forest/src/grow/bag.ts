/** Which rows a tree learns from, and how often. */
import type { Stream } from '../stream/stream.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Draws `count` of `drawn.length` rows with replacement: `drawn[row]` is how often. */
export function drawBag(drawn: Uint16Array, count: number, { below }: Stream): void {
  drawn.fill(0);
  const rows = drawn.length;
  for (let i = 0; i < count; i++) {
    const row = below(rows);
    drawn[row] = (drawn[row] as number) + 1;
  }
}

/** The rows of a tree as ranges of entries: those that it learns from begin, those that it did not draw end. */
export interface EnteredRows {
  /** [0, entered) are drawn. */
  readonly entered: number;
  /** [unseen, rows) are not. */
  readonly unseen: number;
}

/**
 * Writes the rows as entries, and for numbers what each drawn row adds to a sum; drawn rows of weight 0 are left out. Writes the
 * totals of all that were drawn to `totals`.
 */
export function enterRows(
  { drawn, labels, targets, entries, pairs, target, rows }: Workspace,
  rowWeights: Float64Array | undefined,
  totals: Float64Array,
): EnteredRows {
  let entered = 0;
  let unseen = rows;
  totals.fill(0);
  for (let row = 0; row < rows; row++) {
    const times = drawn[row] as number;
    if (times === 0) {
      entries[2 * --unseen] = row;
      continue;
    }
    const weight = rowWeights === undefined ? times : times * (rowWeights[row] as number);
    if (weight === 0) continue;
    entries[2 * entered] = row;
    let tag = times;
    if (target === 'number') {
      const part = weight * (targets[row] as number);
      pairs[2 * row] = weight;
      pairs[2 * row + 1] = part;
      totals[0] = (totals[0] as number) + weight;
      totals[1] = (totals[1] as number) + part;
    } else {
      const label = labels[row] as number;
      tag = ((target === 'binary' ? label * times : label) << 16) | times;
      totals[label] = (totals[label] as number) + weight;
    }
    entries[2 * entered + 1] = tag;
    entered++;
  }
  return { entered, unseen };
}
