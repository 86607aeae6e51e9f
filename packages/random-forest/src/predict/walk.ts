/** From the root to a leaf: the ways a row can go down a tree. */
import type { Bins } from '../binning/bins.ts';
import { categoryFlag, featureMask, hasBit, missingLeftFlag, type Tree } from '../tree/tree.ts';

/** Rows as codes: feature f of the row at `at` is `codes[at + f · stride]`. */
export interface Coded {
  readonly codes: Uint8Array | Uint32Array;
  readonly stride: number;
  /** Nothing is missing and no feature is a category: codes can be compared as they are. */
  readonly plain: boolean;
}

/** The leaf's node; the number of the leaf is `~feature[node]`. */
export function leafOf(
  { feature, cut, right, sets }: Tree,
  { codes, stride, plain }: Coded,
  at: number,
  bins: readonly Bins[],
): number {
  let node = 0;
  let word = feature[0] as number;
  if (plain) {
    while (word >= 0) {
      // Either way is as likely as the other: chosen by the sign of a difference, for a wrongly foreseen branch costs more.
      const goesRight = ((cut[node] as number) - (codes[at + (word & featureMask) * stride] as number)) >> 31;
      const left = node + 1;
      node = left + (((right[node] as number) - left) & goesRight);
      word = feature[node] as number;
    }
    return node;
  }
  while (word >= 0) {
    const f = word & featureMask;
    const code = codes[at + f * stride] as number;
    node = goesLeft(word, code, cut[node] as number, sets, bins[f]?.missing ?? -1) ? node + 1 : (right[node] as number);
    word = feature[node] as number;
  }
  return node;
}

export function goesLeft(word: number, code: number, cut: number, sets: Int32Array, missing: number): boolean {
  if ((word & categoryFlag) !== 0) return hasBit(sets, 8 * cut, code);
  return code === missing ? (word & missingLeftFlag) !== 0 : code <= cut;
}

/** Exact trees: the row's own values, NaN where one is missing; categories are codes. */
export function leafOfValues(
  { feature, cut, right, sets, thresholds }: Tree,
  values: Float64Array,
  at: number,
  bins: readonly Bins[],
): number {
  let node = 0;
  let word = feature[0] as number;
  while (word >= 0) {
    const f = word & featureMask;
    const value = values[at + f] as number;
    let left: boolean;
    if ((word & categoryFlag) !== 0) {
      const { missing = -1, codes } = bins[f] ?? {};
      left = hasBit(
        sets,
        8 * (cut[node] as number),
        Number.isNaN(value) ? missing : codes ? (codes[value] as number) : value,
      );
    } else left = Number.isNaN(value) ? (word & missingLeftFlag) !== 0 : value <= (thresholds?.[node] as number);
    node = left ? node + 1 : (right[node] as number);
    word = feature[node] as number;
  }
  return node;
}
