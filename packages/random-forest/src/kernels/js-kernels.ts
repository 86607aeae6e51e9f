/**
 * The fast kernels in plain JavaScript, for whole weights, byte codes and plain numeric features.
 *
 * Gain of a cut: two classes `(l₁·W − W₁·l)² / (l·r)` (weights W in all and W₁ of class 1, l and l₁ left of the cut, r = W − l;
 * half of W times the Gini decrease); several `(Σ L²·r + Σ R²·l) / (l·r)` (weights L, R of the classes left and right; the
 * Gini decrease but for a constant); numbers `(s·W − S·l)² / (l·r)` (sum s of the left targets; W times the decrease of the
 * squared error). Cuts are compared by cross products, so that none needs a division.
 *
 * No sorting: rows are added into a histogram, each touched bin is marked, and the marks are walked in order, clearing on
 * the way. A cut lies half way between the two filled bins beside it.
 */
import type { Workspace } from '../workspace/workspace.ts';
import { constant, type Kernels, type NodeSums } from './kernels.ts';

export function jsKernels(workspace: Workspace, sums: NodeSums): Kernels {
  const { target } = workspace;
  const { totals, result } = sums;
  const scan =
    target === 'binary'
      ? scanBinary(workspace, sums)
      : target === 'classes'
        ? scanClasses(workspace, sums)
        : scanNumber(workspace, sums);
  return {
    scan,
    enter() {
      let all = 0;
      let squares = 0;
      for (let k = 0; k < totals.length; k++) {
        const total = totals[k] as number;
        all += total;
        squares += total * total;
      }
      result[2] = target === 'number' ? (totals[0] as number) : all;
      result[3] = squares;
    },
    partition: (begin, end, feature, cut) => divide(workspace, begin, end, feature, cut),
  };
}
function divide(
  { entries, spare, codes, rows }: Workspace,
  begin: number,
  end: number,
  feature: number,
  cut: number,
): number {
  const offset = feature * rows;
  let left = 2 * begin;
  let right = 0;
  for (let i = 2 * begin; i < 2 * end; i += 2) {
    const row = entries[i] as number;
    const tag = entries[i + 1] as number;
    const goesLeft = (codes[offset + row] as number) <= cut ? 2 : 0;
    // Both are written, one pointer moves: no branch to mispredict.
    entries[left] = row;
    entries[left + 1] = tag;
    spare[right] = row;
    spare[right + 1] = tag;
    left += goesLeft;
    right += 2 - goesLeft;
  }
  for (let i = 0; i < right; i++) entries[left + i] = spare[i] as number;
  return left / 2 - begin;
}

/** Marks of 256 bins, all zero between calls. */
const makeMarks = (): Int32Array => new Int32Array(8);

/** A bin is its weight and that of class 1. */
function scanBinary({ entries, codes, rows }: Workspace, { totals, left, result }: NodeSums): Kernels['scan'] {
  const marks = makeMarks();
  const counts = new Int32Array(512);
  return (begin, end, feature) => {
    const offset = feature * rows;
    const all = result[2] as number;
    const allOnes = totals[1] as number;
    for (let i = 2 * begin; i < 2 * end; i += 2) {
      const code = codes[offset + (entries[i] as number)] as number;
      const tag = entries[i + 1] as number;
      counts[2 * code] = (counts[2 * code] as number) + (tag & 0xffff);
      counts[2 * code + 1] = (counts[2 * code + 1] as number) + (tag >>> 16);
      marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << (code & 31));
    }
    let bestNumerator: number = constant;
    let bestDenominator = 1;
    let l = 0;
    let l1 = 0;
    let last = 0;
    for (let word = 0; word < 8; word++) {
      let bits = marks[word] as number;
      marks[word] = 0;
      while (bits !== 0) {
        const bin = 32 * word + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const difference = l1 * all - allOnes * l;
        const numerator = difference * difference;
        const denominator = l * (all - l);
        // Nothing stands left of the first bin: 0 > −0 is false.
        if (numerator * bestDenominator > bestNumerator * denominator) {
          bestNumerator = numerator;
          bestDenominator = denominator;
          result[0] = (last + bin - 1) >> 1;
          left[0] = l - l1;
          left[1] = l1;
        }
        l += counts[2 * bin] as number;
        l1 += counts[2 * bin + 1] as number;
        counts[2 * bin] = 0;
        counts[2 * bin + 1] = 0;
        last = bin;
      }
    }
    return bestNumerator / bestDenominator;
  };
}

/** The weight of each class in a bin, and one bit a class that is there (classes from 31 on share the last). */
function scanClasses(
  { entries, codes, rows, classes }: Workspace,
  { totals, left, result }: NodeSums,
): Kernels['scan'] {
  const marks = makeMarks();
  const counts = new Int32Array(256 * classes);
  const present = new Int32Array(256);
  const sofar = new Float64Array(classes);
  return (begin, end, feature) => {
    const offset = feature * rows;
    for (let i = 2 * begin; i < 2 * end; i += 2) {
      const code = codes[offset + (entries[i] as number)] as number;
      const tag = entries[i + 1] as number;
      const own = tag >>> 16;
      const at = code * classes + own;
      counts[at] = (counts[at] as number) + (tag & 0xffff);
      present[code] = (present[code] as number) | (1 << Math.min(own, 31));
      marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << (code & 31));
    }
    const all = result[2] as number;
    const squares = result[3] as number;
    sofar.fill(0);
    let bestNumerator: number = constant;
    let bestDenominator = 1;
    let l = 0;
    let ofLeft = 0;
    let cross = 0;
    let last = 0;
    for (let word = 0; word < 8; word++) {
      let bits = marks[word] as number;
      marks[word] = 0;
      while (bits !== 0) {
        const bin = 32 * word + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        // Whole numbers, so any order of adding gives the same.
        const r = all - l;
        const numerator = ofLeft * r + (squares - 2 * cross + ofLeft) * l;
        const denominator = l * r;
        if (numerator * bestDenominator > bestNumerator * denominator) {
          bestNumerator = numerator;
          bestDenominator = denominator;
          result[0] = (last + bin - 1) >> 1;
          for (let k = 0; k < classes; k++) left[k] = sofar[k] as number;
        }
        const at = bin * classes;
        let here = present[bin] as number;
        present[bin] = 0;
        while (here !== 0) {
          let k = 31 - Math.clz32(here & -here);
          here &= here - 1;
          do {
            const count = counts[at + k] as number;
            const before = sofar[k] as number;
            l += count;
            ofLeft += count * (before + before + count);
            cross += count * (totals[k] as number);
            sofar[k] = before + count;
            counts[at + k] = 0;
            k++;
          } while (k > 31 && k < classes);
        }
        last = bin;
      }
    }
    return bestNumerator / bestDenominator;
  };
}

function scanNumber({ entries, codes, rows, pairs }: Workspace, { totals, left, result }: NodeSums): Kernels['scan'] {
  const marks = makeMarks();
  const sums = new Float64Array(512);
  return (begin, end, feature) => {
    const offset = feature * rows;
    for (let i = 2 * begin; i < 2 * end; i += 2) {
      const row = entries[i] as number;
      const code = codes[offset + row] as number;
      sums[2 * code] = (sums[2 * code] as number) + (pairs[2 * row] as number);
      sums[2 * code + 1] = (sums[2 * code + 1] as number) + (pairs[2 * row + 1] as number);
      marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << (code & 31));
    }
    const all = totals[0] as number;
    const sum = totals[1] as number;
    let bestNumerator: number = constant;
    let bestDenominator = 1;
    let l = 0;
    let s = 0;
    let last = 0;
    for (let word = 0; word < 8; word++) {
      let bits = marks[word] as number;
      marks[word] = 0;
      while (bits !== 0) {
        const bin = 32 * word + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const difference = s * all - sum * l;
        const numerator = difference * difference;
        const denominator = l * (all - l);
        if (numerator * bestDenominator > bestNumerator * denominator) {
          bestNumerator = numerator;
          bestDenominator = denominator;
          result[0] = (last + bin - 1) >> 1;
          left[0] = l;
          left[1] = s;
        }
        l += sums[2 * bin] as number;
        s += sums[2 * bin + 1] as number;
        sums[2 * bin] = 0;
        sums[2 * bin + 1] = 0;
        last = bin;
      }
    }
    return bestNumerator / bestDenominator;
  };
}
