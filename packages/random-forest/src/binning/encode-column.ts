/** A column's values as codes. */
import { type Column, DendriteError } from '@dendrite/spec';
import type { Binning } from './binning.ts';
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
  { encode }: Pick<Binning, 'encode'> = { encode: searchCodes },
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

/** How many edges are below each value: by halves, which is enough for few values; of many see write-codes.ts. */
export const searchCodes: Binning['encode'] = (values, edges, out, at, stride) => {
  for (let i = 0; i < values.length; i++) out[at + i * stride] = lowerBound(edges, values[i] as number);
};

/** How many edges are below a value, where at least `low` and at most `high` are. */
export function lowerBound(edges: Float64Array, value: number, low = 0, high: number = edges.length): number {
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
