/** Which rows a tree learns from, and how often. */
import type { Stream } from '../stream/stream.ts';
import type { Workspace } from '../workspace/workspace.ts';

/**
 * Draws `count` rows with replacement: `drawn[row]` is how often.
 * @param among  the rows that may be drawn; all where it is not given
 */
export function drawBag(drawn: Uint16Array, count: number, { below }: Stream, among?: Uint32Array): void {
  drawn.fill(0);
  const rows = (among ?? drawn).length;
  for (let i = 0; i < count; i++) {
    const place = below(rows);
    const row = among ? (among[place] as number) : place;
    drawn[row] = (drawn[row] as number) + 1;
  }
}

/**
 * Writes the drawn rows as entries, and for numbers what each row adds to a sum; rows of weight 0 are left out. Gives how many
 * there are, and writes the totals of all to `totals`.
 * @param offset  numbers: the mean of all, which is taken off each, so that sums are of small numbers
 */
export function enterRows(
  { drawn, labels, targets, entries, pairs, target }: Workspace,
  rowWeights: Float64Array | undefined,
  totals: Float64Array,
  offset: number,
): number {
  let count = 0;
  totals.fill(0);
  for (let row = 0; row < drawn.length; row++) {
    const times = drawn[row] as number;
    const weight = rowWeights === undefined ? times : times * (rowWeights[row] as number);
    entries[2 * count] = row;
    let tag = times;
    if (target === 'number') {
      const part = weight * ((targets[row] as number) - offset);
      pairs[2 * row] = weight;
      pairs[2 * row + 1] = part;
      totals[0] = (totals[0] as number) + weight;
      totals[1] = (totals[1] as number) + part;
    } else {
      const label = labels[row] as number;
      tag = ((target === 'binary' ? label * times : label) << 16) | times;
      totals[label] = (totals[label] as number) + weight;
    }
    entries[2 * count + 1] = tag;
    // What has no weight is written over by the next: nobody can foresee who was drawn.
    count += rowWeights === undefined ? (0 - times) >>> 31 : Number(weight !== 0);
  }
  return count;
}

/** Writes the rows that were not drawn behind the others; gives where they end. */
export function leaveOut({ drawn, entries, rows }: Workspace, entered: number): number {
  let end = entered;
  for (let row = 0; row < rows && end < rows; row++) {
    // A row that was drawn is written over by the next.
    entries[2 * end] = row;
    end += ((drawn[row] as number) - 1) >>> 31;
  }
  return end;
}

/** Once the tree is grown: writes the rows that were not drawn, from the first to the last, and their leaves. */
export function judge({ drawn, leafOf }: Workspace, rows: Int32Array, leaves: Int32Array): void {
  for (let row = 0, count = 0; row < leafOf.length; row++) {
    rows[count] = row;
    leaves[count] = leafOf[row] as number;
    count += ((drawn[row] as number) - 1) >>> 31;
  }
}
