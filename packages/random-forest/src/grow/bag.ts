/** Which rows a tree learns from, and how often. */
import type { Stream } from '../stream/stream.ts';

/** Draws `count` of `drawn.length` rows with replacement: `drawn[row]` is how often. */
export function drawBag(drawn: Uint16Array, count: number, stream: Stream): void {
  drawn.fill(0);
  const rows = drawn.length;
  for (let i = 0; i < count; i++) {
    const row = stream.below(rows);
    drawn[row] = (drawn[row] as number) + 1;
  }
}

/**
 * Writes the rows of a bag as entries (row; class · 2¹⁶ + times); rows of weight 0 are left out. Gives how many there are.
 * The totals of all are written to `totals`.
 */
export function enterRows(
  drawn: Uint16Array,
  codes: Int32Array | undefined,
  targets: Float64Array,
  rowWeights: Float64Array | undefined,
  entries: Uint32Array,
  totals: Float64Array,
): number {
  let count = 0;
  totals.fill(0);
  for (let row = 0; row < drawn.length; row++) {
    const times = drawn[row] as number;
    const weight = times * (rowWeights === undefined ? 1 : (rowWeights[row] as number));
    if (weight === 0) continue;
    const code = codes === undefined ? 0 : (codes[row] as number);
    entries[2 * count] = row;
    entries[2 * count + 1] = (code << 16) | times;
    count++;
    if (codes === undefined) {
      totals[0] = (totals[0] as number) + weight;
      totals[1] = (totals[1] as number) + weight * (targets[row] as number);
    } else totals[code] = (totals[code] as number) + weight;
  }
  return count;
}
