/**
 * Bins of one column: what turns a value into a small whole number, its code, such that `value ≤ edges[c]` and
 * `code ≤ c` say the same. Codes keep the order of values; categories have codes of their own.
 */
import type { Column } from '@dendrite/spec';
import { type Binning, jsBinning } from './binning.ts';
import { between, mostBins } from './quantile-edges.ts';

export interface Bins {
  readonly kind: 'number' | 'category';
  /** Upper ends of the bins but the last, ascending. Empty for categories. */
  readonly edges: Float64Array;
  /** A value within each bin, for drawing random thresholds. */
  readonly centers: Float64Array;
  /** Codes in use, without the one for missing values. */
  readonly count: number;
  /** The code of a missing value; −1: there is no room for it (256 different bytes). */
  readonly missing: number;
  /** Category columns with more than 255 categories: the code of each; the rare ones share the last. */
  readonly codes?: Uint8Array;
}

/** Bins are made from so many rows at most. */
export const sampleSize = 20_000;

/**
 * At most 255 bins of about equal numbers of rows, from at most 20,000 rows taken at equal distances.
 * Columns of bytes with no missing value are their own codes; booleans are 0 and 1.
 */
export function quantileBins(column: Column, binning: Pick<Binning, 'sorted' | 'edges' | 'bins'> = jsBinning()): Bins {
  const { kind, values, missing } = column;
  // Two values: there is room for a gap, should one come when the forest is asked.
  if (kind === 'boolean') return binsOfValues(Float64Array.of(0, 1));
  if (values instanceof Uint8Array && missing === undefined) return byteBins;
  const sample = knownSample(values, missing);
  const wholes = bytesAmong(sample);
  if (wholes) return binsOfValues(wholes);
  // Doubles lose digits in sorting, so those are told apart before.
  const few = sample instanceof Float64Array ? fewDistinct(sample) : undefined;
  if (few) return binsOfValues(few);
  if (binning.bins) return binning.bins(sample);
  const sorted = binning.sorted(sample);
  const fewSorted = sample instanceof Float32Array ? fewOf(sorted) : undefined;
  return fewSorted
    ? binsOfValues(fewSorted)
    : binsOfEdges(binning.edges(sorted), sorted[0] as number, sorted.at(-1) as number);
}

/** Of values from `least` to `most`. */
export function binsOfEdges(edges: Float64Array, least: number, most: number): Bins {
  const centers = new Float64Array(edges.length + 1);
  for (let b = 0, low = least; b < centers.length; b++) {
    const high = edges[b] ?? most;
    centers[b] = (low + high) / 2;
    low = high;
  }
  return { kind: 'number', edges, centers, count: edges.length + 1, missing: mostBins };
}

export function binsOfValues(distinct: Float64Array): Bins {
  const edges = new Float64Array(Math.max(0, distinct.length - 1));
  for (let i = 0; i < edges.length; i++) edges[i] = between(distinct[i] as number, distinct[i + 1] as number);
  return {
    kind: 'number',
    edges,
    centers: distinct.length === 0 ? new Float64Array(1) : distinct,
    count: Math.max(1, distinct.length),
    missing: mostBins,
  };
}
/** Of bytes, which are their own codes. */
export const byteBins: Bins = {
  kind: 'number',
  edges: /* @__PURE__ */ Float64Array.from({ length: 255 }, (_, code) => code + 0.5),
  centers: /* @__PURE__ */ Float64Array.from({ length: 256 }, (_, code) => code),
  count: 256,
  missing: -1,
};

/** The known values of at most 20,000 rows. */
function knownSample(values: Column['values'], missing: Uint8Array | undefined): Float32Array | Float64Array {
  const rows = Math.min(values.length, sampleSize);
  const floats = values instanceof Float32Array;
  if (floats && rows === values.length && missing === undefined) return values;
  const taken = floats ? new Float32Array(rows) : new Float64Array(rows);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const row = rows === values.length ? i : Math.floor((i * values.length) / rows);
    if (!missing?.[row]) taken[count++] = values[row] as number;
  }
  return taken.subarray(0, count);
}
/** The different values, sorted, if there are no more than bins. */
function fewDistinct(sample: Float64Array): Float64Array | undefined {
  const found = new Set<number>();
  for (const value of sample) {
    found.add(value);
    if (found.size > mostBins) return undefined;
  }
  return Float64Array.from(found).sort();
}
/** The different ones of sorted values, if there are no more than bins. */
function fewOf(sorted: Float32Array): Float64Array | undefined {
  const found: number[] = [];
  let last = Number.NaN;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] as number;
    if (value === last) continue;
    if (found.length === mostBins) return undefined;
    found.push(value);
    last = value;
  }
  return Float64Array.from(found);
}
/** The different values, sorted, if all are whole numbers from 0 to 254, as pictures have. */
function bytesAmong(sample: Float32Array | Float64Array): Float64Array | undefined {
  const there = new Uint8Array(mostBins);
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i] as number;
    if (!(value >= 0 && value < mostBins && value === Math.floor(value))) return undefined;
    there[value] = 1;
  }
  return Float64Array.from(there.keys()).filter((value) => there[value] === 1);
}
