/**
 * The best cut between several classes. Gain: `(Σ L²·r + Σ R²·l) / (l·r)` for weights L and R of the classes left and right
 * of the cut, l and r of all; that is the Gini decrease but for a constant.
 *
 * In most nodes a bin holds a row or two: a bin is then a chain of its rows, and the walk goes along the chains. In large
 * nodes a bin is the weight of each class. Weights are whole, so any order of adding gives the same.
 */
import type { CodeArray, Workspace } from '../workspace/workspace.ts';
import { heldBins, makeFound, makeMarks, markedBins } from './filled-bins.ts';
import type { Kernels, NodeSums } from './kernels.ts';

/** From here on squares of weights are too large for 32 bits. */
const heavy = 46_341;
/** Nodes of more rows for each class have so many in a bin that adding up is faster than going along the chains. */
const rowsPerClass = 48;

export function scanClasses(
  { entries, rows, classes }: Workspace,
  columns: readonly CodeArray[],
  { totals, left, result }: NodeSums,
): Kernels['scan'] {
  const marks = makeMarks();
  const found = makeFound();
  // Of each bin the last row, by where its tag stands in entries, and of each row the one before it; 0: none.
  const lasts = new Int32Array(256);
  const before = new Int32Array(2 * rows);
  const sofar = new Int32Array(classes);
  const wholes = new Int32Array(classes);
  // Of each bin the weight, and behind that the weight of each class, all bins of the first class first.
  const weights = new Int32Array(256);
  const counts = new Int32Array(256 * classes);
  // Of each filled bin: the sum over classes of squares up to it, and of products with the totals.
  const squares = new Float64Array(256);
  const crosses = new Float64Array(256);
  return (begin, end, feature) => {
    const column = columns[feature] as CodeArray;
    const all = result[2] as number;
    const ofAll = result[3] as number;
    if (all >= heavy || end - begin > rowsPerClass * classes) {
      addToClasses(entries, begin, end, column, weights, counts);
      const bins = heldBins(weights, found);
      squares.fill(0);
      crosses.fill(0);
      for (let k = 0; k < classes; k++) upToBins(found, bins, counts, 256 * k, totals[k] as number, squares, crosses);
      const gain = bestOfBins(found, bins, weights, squares, crosses, all, ofAll, result);
      for (let k = 0; k < classes; k++) left[k] = counts[256 * k + (result[1] as number)] as number;
      counts.fill(0);
      return gain;
    }
    const words = addToChains(entries, begin, end, column, lasts, before, marks);
    const bins = markedBins(marks, words, found);
    for (let k = 0; k < classes; k++) {
      sofar[k] = 0;
      wholes[k] = totals[k] as number;
    }
    return bestOfChains(found, bins, entries, lasts, before, wholes, all, ofAll, sofar, left, result);
  };
}

/** Gives which words of marks it wrote. */
function addToChains(
  entries: Uint32Array,
  begin: number,
  end: number,
  column: CodeArray,
  lasts: Int32Array,
  before: Int32Array,
  marks: Int32Array,
): number {
  let words = 0;
  for (let tag = 2 * begin + 1; tag < 2 * end; tag += 2) {
    const code = column[entries[tag - 1] as number] as number;
    before[tag] = lasts[code] as number;
    lasts[code] = tag;
    marks[code >>> 5] = (marks[code >>> 5] as number) | (1 << code);
    words |= 1 << (code >>> 5);
  }
  return words;
}

/** Empties the bins on the way. */
function bestOfChains(
  found: Int32Array,
  bins: number,
  entries: Uint32Array,
  lasts: Int32Array,
  before: Int32Array,
  totals: Int32Array,
  all: number,
  ofAll: number,
  sofar: Int32Array,
  left: Float64Array,
  result: Float64Array,
): number {
  let bestNumerator = -1;
  let bestDenominator = 1;
  let best = 0;
  let l = 0;
  let ofLeft = 0;
  let cross = 0;
  for (let i = 0; i < bins; i++) {
    const bin = found[i] as number;
    let at = lasts[bin] as number;
    lasts[bin] = 0;
    while (at !== 0) {
      const tag = entries[at] as number;
      const own = tag >>> 16;
      const times = tag & 0xffff;
      const had = sofar[own] as number;
      sofar[own] = had + times;
      l = (l + times) | 0;
      ofLeft = (ofLeft + Math.imul(times, had + had + times)) | 0;
      cross = (cross + Math.imul(times, totals[own] as number)) | 0;
      at = before[at] as number;
    }
    const r = all - l;
    const numerator = ofLeft * r + (ofAll - 2 * cross + ofLeft) * l;
    const denominator = l * r;
    // Nothing stands right of the last bin: a cut of denominator 0 is not better.
    if (numerator * bestDenominator > bestNumerator * denominator) {
      bestNumerator = numerator;
      bestDenominator = denominator;
      best = i;
      for (let k = 0; k < sofar.length; k++) left[k] = sofar[k] as number;
    }
  }
  result[0] = ((found[best] as number) + (found[best + 1] as number) - 1) >> 1;
  return bestNumerator / bestDenominator;
}

function addToClasses(
  entries: Uint32Array,
  begin: number,
  end: number,
  column: CodeArray,
  weights: Int32Array,
  counts: Int32Array,
): void {
  for (let i = 2 * begin; i < 2 * end; i += 2) {
    const code = column[entries[i] as number] as number;
    const tag = entries[i + 1] as number;
    const times = tag & 0xffff;
    const at = ((tag >>> 16) << 8) + code;
    weights[code] = (weights[code] as number) + times;
    counts[at] = (counts[at] as number) + times;
  }
}

/** Turns a class's weight in each bin into that up to the bin; adds its square, and its product with the total. */
function upToBins(
  found: Int32Array,
  bins: number,
  counts: Int32Array,
  from: number,
  total: number,
  squares: Float64Array,
  crosses: Float64Array,
): void {
  let sofar = 0;
  for (let i = 0; i < bins; i++) {
    const at = from + (found[i] as number);
    sofar = (sofar + (counts[at] as number)) | 0;
    counts[at] = sofar;
    squares[i] = (squares[i] as number) + sofar * sofar;
    crosses[i] = (crosses[i] as number) + sofar * total;
  }
}

/** Writes the best bin to `result[1]` too. */
function bestOfBins(
  found: Int32Array,
  bins: number,
  weights: Int32Array,
  squares: Float64Array,
  crosses: Float64Array,
  all: number,
  ofAll: number,
  result: Float64Array,
): number {
  let bestNumerator = -1;
  let bestDenominator = 1;
  let best = 0;
  let l = 0;
  for (let i = 0; i < bins; i++) {
    const bin = found[i] as number;
    l += weights[bin] as number;
    weights[bin] = 0;
    const r = all - l;
    const ofLeft = squares[i] as number;
    const numerator = ofLeft * r + (ofAll - 2 * (crosses[i] as number) + ofLeft) * l;
    const denominator = l * r;
    if (numerator * bestDenominator > bestNumerator * denominator) {
      bestNumerator = numerator;
      bestDenominator = denominator;
      best = i;
    }
  }
  result[0] = ((found[best] as number) + (found[best + 1] as number) - 1) >> 1;
  result[1] = found[best] as number;
  return bestNumerator / bestDenominator;
}
