/** A column's values as codes. */
import { type Column, DendriteError } from '@dendrite/spec';
import type { Binning } from './binning.ts';
import type { Bins } from './bins.ts';
import { cellOf, cellsOf, type Grid } from './cells.ts';

/**
 * Writes the code of each value at `out[at + i · stride]`; gives whether any value was missing.
 * @throws DATA  for a missing value where the bins have no code for one
 */
export function encodeColumn(
  { name, values, missing }: Column,
  bins: Bins,
  out: Uint8Array | Uint32Array,
  at: number,
  stride: number,
  where: string,
  { encode }: Pick<Binning, 'encode'> = { encode: writeCodes },
): boolean {
  const { edges, codes, kind } = bins;
  const rows = values.length;
  let any = false;
  if (missing) {
    for (let i = 0; i < rows; i++) {
      if (missing[i] === 0) continue;
      if (bins.missing < 0)
        throw new DendriteError(
          'DATA',
          `${where}: column '${name}' was never missing in training and takes all 256 bytes, got no value in row ${i}. Fill it in.`,
        );
      any = true;
    }
  }
  if (kind === 'category') {
    for (let i = 0; i < rows; i++) {
      const code = values[i] as number;
      out[at + i * stride] = missing?.[i] ? bins.missing : codes ? (codes[code] as number) : code;
    }
  } else if (bins.missing < 0 && values instanceof Uint8Array) {
    if (stride === 1 && out instanceof Uint8Array) out.set(values, at);
    else for (let i = 0; i < rows; i++) out[at + i * stride] = values[i] as number;
  } else {
    encode(values, edges, out, at, stride);
    if (any && missing) for (let i = 0; i < rows; i++) if (missing[i]) out[at + i * stride] = bins.missing;
  }
  return any;
}

/**
 * How many edges are below each value. A grid of cells says where to begin. Where no cell holds more than a few edges, as with most
 * columns, each is asked without a branch, which for every other value would be foreseen wrongly.
 */
export function writeCodes(
  values: Column['values'],
  edges: Float64Array,
  out: Uint8Array | Uint32Array,
  at: number,
  stride: number,
): void {
  const n = edges.length;
  if (values.length < fewValues) {
    for (let i = 0; i < values.length; i++) out[at + i * stride] = lowerBound(edges, values[i] as number, 0);
    return;
  }
  const { first, low, scale, cells, most } = cellsOf(edges);
  if (most <= fewEdges) {
    // Behind the last edge stands one that no value is above.
    const ends = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
    ends.set(edges);
    const grid = { low, scale, cells };
    if (most === 1) writeOneAsked(values, ends, first, grid, out, at, stride);
    else writeFewAsked(values, ends, first, grid, most, out, at, stride);
    return;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    let code = first[cellOf(value, low, scale, cells)] as number;
    // A long run of edges in one cell is searched by halves.
    if (code + 8 < n && (edges[code + 8] as number) < value) code = lowerBound(edges, value, code + 9);
    while (code < n && (edges[code] as number) < value) code++;
    out[at + i * stride] = code;
  }
}
function writeOneAsked(
  values: Column['values'],
  ends: Float64Array,
  first: Uint32Array,
  { low, scale, cells }: Grid,
  out: Uint8Array | Uint32Array,
  at: number,
  stride: number,
): void {
  for (let i = 0, to = at; i < values.length; i++, to += stride) {
    const value = values[i] as number;
    const code = first[cellOf(value, low, scale, cells)] as number;
    out[to] = code + Number((ends[code] as number) < value);
  }
}
function writeFewAsked(
  values: Column['values'],
  ends: Float64Array,
  first: Uint32Array,
  { low, scale, cells }: Grid,
  most: number,
  out: Uint8Array | Uint32Array,
  at: number,
  stride: number,
): void {
  for (let i = 0, to = at; i < values.length; i++, to += stride) {
    const value = values[i] as number;
    let code = first[cellOf(value, low, scale, cells)] as number;
    for (let asked = 0; asked < most; asked++) code += Number((ends[code] as number) < value);
    out[to] = code;
  }
}
/** Edges of one cell that are asked without a branch. */
const fewEdges = 4;
/** Fewer are not worth a grid. */
export const fewValues = 64;

/** How many edges from `from` on are below a value, and `from`. */
export function lowerBound(edges: Float64Array, value: number, from: number): number {
  let [low, high] = [from, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
