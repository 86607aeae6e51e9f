/**
 * The best cut for numbers. Gain: `(s·W − S·l)² / (l·r)` for weight W and sum S of the targets in all, l and s left of the
 * cut, r = W − l; that is W times the decrease of the squared error.
 */
import type { CodeArray, Workspace } from '../workspace/workspace.ts';
import { heldBins, makeFound, makeMarks, manyRows, markedBins } from './filled-bins.ts';
import type { Kernels, NodeSums } from './kernels.ts';

export function scanNumber(
  { entries, pairs }: Workspace,
  columns: readonly CodeArray[],
  { totals, left, result }: NodeSums,
): Kernels['scan'] {
  const marks = makeMarks();
  const found = makeFound();
  const weights = new Int32Array(256);
  const sums = new Float64Array(256);
  return (begin, end, feature) => {
    const column = columns[feature] as CodeArray;
    let bins: number;
    if (end - begin > manyRows) {
      add(entries, begin, end, column, pairs, weights, sums);
      bins = heldBins(weights, found);
    } else {
      const words = addMarked(entries, begin, end, column, pairs, weights, sums, marks);
      bins = markedBins(marks, words, found);
    }
    return bestCut(found, bins, weights, sums, totals[0] as number, totals[1] as number, left, result);
  };
}

/** Gives which words of marks it wrote. */
function addMarked(
  entries: Uint32Array,
  begin: number,
  end: number,
  column: CodeArray,
  pairs: Float64Array,
  weights: Int32Array,
  sums: Float64Array,
  marks: Int32Array,
): number {
  let words = 0;
  for (let i = 2 * begin; i < 2 * end; i += 2) {
    const row = entries[i] as number;
    const code = column[row] as number;
    weights[code] = (weights[code] as number) + (entries[i + 1] as number);
    sums[code] = (sums[code] as number) + (pairs[2 * row + 1] as number);
    marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << code);
    words |= 1 << (code >>> 5);
  }
  return words;
}
function add(
  entries: Uint32Array,
  begin: number,
  end: number,
  column: CodeArray,
  pairs: Float64Array,
  weights: Int32Array,
  sums: Float64Array,
): void {
  for (let i = 2 * begin; i < 2 * end; i += 2) {
    const row = entries[i] as number;
    const code = column[row] as number;
    weights[code] = (weights[code] as number) + (entries[i + 1] as number);
    sums[code] = (sums[code] as number) + (pairs[2 * row + 1] as number);
  }
}

/** Empties the bins on the way. */
function bestCut(
  found: Int32Array,
  bins: number,
  weights: Int32Array,
  sums: Float64Array,
  all: number,
  sum: number,
  left: Float64Array,
  result: Float64Array,
): number {
  let bestNumerator = -1;
  let bestDenominator = 1;
  let best = 0;
  let l = 0;
  let s = 0;
  for (let i = 0; i < bins; i++) {
    const bin = found[i] as number;
    l += weights[bin] as number;
    s += sums[bin] as number;
    weights[bin] = 0;
    sums[bin] = 0;
    // Nothing stands right of the last bin, but its sums are not to the bit those of the node.
    if (i === bins - 1) break;
    const difference = s * all - sum * l;
    const numerator = difference * difference;
    const denominator = l * (all - l);
    if (numerator * bestDenominator > bestNumerator * denominator) {
      bestNumerator = numerator;
      bestDenominator = denominator;
      best = i;
      left[0] = l;
      left[1] = s;
    }
  }
  result[0] = ((found[best] as number) + (found[best + 1] as number) - 1) >> 1;
  return bestNumerator / bestDenominator;
}
