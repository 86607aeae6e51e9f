/** A column's values as codes. */
import { type Column, DendriteError } from '@dendrite/spec';
import type { Bins } from './bins.ts';

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
    writeCodes(values, edges, out, at, stride);
    if (any && missing) for (let i = 0; i < rows; i++) if (missing[i]) out[at + i * stride] = bins.missing;
  }
  return any;
}

/** How many edges are below each value. A grid of cells says where to begin, so that a step or two is enough. */
function writeCodes(
  values: Column['values'],
  edges: Float64Array,
  out: Uint8Array | Uint32Array,
  at: number,
  stride: number,
): void {
  const n = edges.length;
  const low = edges[0] ?? 0;
  const span = (edges[n - 1] ?? 0) - low;
  const cells = values.length < 64 ? 1 : 8 * (n + 1);
  const scale = span > 0 && Number.isFinite(cells / span) ? cells / span : 0;
  // The cell never falls while the value rises, so an edge in a lower cell is below the value.
  const first = new Uint32Array(cells + 2);
  for (const edge of edges) {
    const cell = cellOf(edge, low, scale, cells) + 1;
    first[cell] = (first[cell] as number) + 1;
  }
  for (let cell = 1; cell < first.length; cell++) first[cell] = (first[cell] as number) + (first[cell - 1] as number);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    let code = first[cellOf(value, low, scale, cells)] as number;
    // A long run of edges in one cell is searched by halves.
    if (code + 8 < n && (edges[code + 8] as number) < value) code = lowerBound(edges, value, code + 9);
    while (code < n && (edges[code] as number) < value) code++;
    out[at + i * stride] = code;
  }
}
function cellOf(value: number, low: number, scale: number, cells: number): number {
  const cell = (value - low) * scale;
  return cell > 0 ? (cell < cells ? Math.floor(cell) : cells) : 0;
}
function lowerBound(edges: Float64Array, value: number, from: number): number {
  let [low, high] = [from, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
