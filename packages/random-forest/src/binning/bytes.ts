/** Columns of bytes: numbers that are such, and bins of them, found by counting. */
import { type Bins, binsOfEdges, binsOfValues } from './bins.ts';
import { mostBins, quantileEdges } from './quantile-edges.ts';

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

/** Of whole numbers from 0 to 255, by how often each is there. */
export function binsOfCounts(counts: Uint32Array): Bins {
  const distinct = new Float64Array(256);
  let [found, all] = [0, 0];
  for (let value = 0; value < 256; value++) {
    if (counts[value] === 0) continue;
    distinct[found++] = value;
    all += counts[value] as number;
  }
  if (found <= mostBins) return binsOfValues(distinct.slice(0, found));
  const sorted = new Float32Array(all);
  for (let value = 0, at = 0; value < 256; value++) {
    const end = at + (counts[value] as number);
    // A long run is filled by a call, a short one faster without.
    if (end - at > 64) sorted.fill(value, at, end);
    else for (let i = at; i < end; i++) sorted[i] = value;
    at = end;
  }
  return binsOfEdges(quantileEdges(sorted), sorted);
}
