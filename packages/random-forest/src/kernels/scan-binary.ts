/**
 * The best cut between two classes. Gain: `(l₁·W − W₁·l)² / (l·r)` for weights W in all and W₁ of class 1, l and l₁ left of
 * the cut, r = W − l; that is half of W times the Gini decrease.
 */
import type { CodeArray, Workspace } from '../workspace/workspace.ts';
import { heldBins, makeFound, makeMarks, manyRows, markedBins } from './filled-bins.ts';
import type { Kernels, NodeSums } from './kernels.ts';

/** A bin is a word as in entries, weight below and ones above; in nodes too heavy for that the ones stand 256 words behind. */
const heavy = 0x10000;

export function scanBinary(
  { entries }: Workspace,
  columns: readonly CodeArray[],
  { totals, left, result }: NodeSums,
): Kernels['scan'] {
  const marks = makeMarks();
  const found = makeFound();
  const counts = new Int32Array(512);
  return (begin, end, feature) => {
    const column = columns[feature] as CodeArray;
    const all = result[2] as number;
    let bins: number;
    if (all >= heavy) {
      addHeavy(entries, begin, end, column, counts);
      bins = heldBins(counts, found);
    } else if (end - begin > manyRows) {
      add(entries, begin, end, column, counts);
      bins = heldBins(counts, found);
    } else {
      const words = addMarked(entries, begin, end, column, counts, marks);
      bins = markedBins(marks, words, found);
    }
    return bestCut(found, bins, counts, all, totals[1] as number, left, result);
  };
}

/** Gives which words of marks it wrote. */
function addMarked(
  entries: Uint32Array,
  begin: number,
  end: number,
  column: CodeArray,
  counts: Int32Array,
  marks: Int32Array,
): number {
  let words = 0;
  for (let i = 2 * begin; i < 2 * end; i += 2) {
    const code = column[entries[i] as number] as number;
    counts[code] = (counts[code] as number) + (entries[i + 1] as number);
    marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << code);
    words |= 1 << (code >>> 5);
  }
  return words;
}
function add(entries: Uint32Array, begin: number, end: number, column: CodeArray, counts: Int32Array): void {
  for (let i = 2 * begin; i < 2 * end; i += 2) {
    const code = column[entries[i] as number] as number;
    counts[code] = (counts[code] as number) + (entries[i + 1] as number);
  }
}
function addHeavy(entries: Uint32Array, begin: number, end: number, column: CodeArray, counts: Int32Array): void {
  for (let i = 2 * begin; i < 2 * end; i += 2) {
    const code = column[entries[i] as number] as number;
    const tag = entries[i + 1] as number;
    counts[code] = (counts[code] as number) + (tag & 0xffff);
    counts[256 + code] = (counts[256 + code] as number) + (tag >>> 16);
  }
}

/** Empties the bins on the way. */
function bestCut(
  found: Int32Array,
  bins: number,
  counts: Int32Array,
  all: number,
  allOnes: number,
  left: Float64Array,
  result: Float64Array,
): number {
  let bestNumerator = -1;
  let bestDenominator = 1;
  let best = 0;
  let l = 0;
  let l1 = 0;
  for (let i = 0; i < bins; i++) {
    const bin = found[i] as number;
    const held = counts[bin] as number;
    counts[bin] = 0;
    if (all >= heavy) {
      l += held;
      l1 += counts[256 + bin] as number;
      counts[256 + bin] = 0;
    } else {
      l += held & 0xffff;
      l1 += held >>> 16;
    }
    const difference = l1 * all - allOnes * l;
    const numerator = difference * difference;
    const denominator = l * (all - l);
    // Nothing stands right of the last bin: 0 > 0 and 0 > −0 are false.
    if (numerator * bestDenominator > bestNumerator * denominator) {
      bestNumerator = numerator;
      bestDenominator = denominator;
      best = i;
      left[0] = l - l1;
      left[1] = l1;
    }
  }
  result[0] = ((found[best] as number) + (found[best + 1] as number) - 1) >> 1;
  return bestNumerator / bestDenominator;
}
