/** Columns of bytes: numbers that are such, and bins of them, found by counting. */
import { type Bins, binsOfEdges, binsOfValues } from './bins.ts';
import { mostBins } from './quantile-edges.ts';

/** Writes numbers as bytes, if all are such, as in pictures that were made numbers; whether they are. */
export function writeBytes(numbers: ArrayLike<number>, to: Uint8Array): boolean {
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] as number;
    to[i] = value;
    if (to[i] !== value) return false;
  }
  return true;
}

/** Each byte becomes what `table` has for it. */
export function translate(bytes: Uint8Array, table: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = table[bytes[i] as number] as number;
}

/** Of whole numbers from 0 to 255, by how often each is there: the bins that their sorted values would get. */
export function binsOfCounts(counts: Uint32Array): Bins {
  const distinct = new Float64Array(256);
  let [found, all] = [0, 0];
  for (let value = 0; value < 256; value++) {
    if (counts[value] === 0) continue;
    distinct[found++] = value;
    all += counts[value] as number;
  }
  if (found <= mostBins) return binsOfValues(distinct.slice(0, found));
  return binsOfEdges(edgesOfCounts(counts, all), 0, 255);
}

/** As quantile-edges.ts, where each of the 256 numbers is there: which is at a place of the sorted ones, the counts tell. */
function edgesOfCounts(counts: Uint32Array, all: number): Float64Array {
  const edges = new Float64Array(mostBins - 1);
  // The number at the last place that was looked at, and where those like it end.
  let [value, end] = [0, counts[0] as number];
  let [count, last] = [0, -1];
  for (let k = 1; k < mostBins; k++) {
    const at = Math.floor((k * all) / mostBins);
    while (end < at) end += counts[++value] as number;
    // Between this one and the next, whether the place is where they meet or within a long run of the first.
    const edge = value + 0.5;
    if (edge <= last || edge >= 255) continue;
    last = edge;
    edges[count++] = edge;
  }
  return edges.slice(0, count);
}
