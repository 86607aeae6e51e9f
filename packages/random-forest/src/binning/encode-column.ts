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
    const top = steps(edges.length);
    for (let i = 0; i < rows; i++) out[at + i * stride] = codeOf(edges, values[i] as number, top);
    if (any && missing) for (let i = 0; i < rows; i++) if (missing[i]) out[at + i * stride] = bins.missing;
  }
  return any;
}

/** The largest power of two that is at most n; 0 for 0. */
const steps = (n: number): number => (n === 0 ? 0 : 2 ** (31 - Math.clz32(n)));

/** How many edges are below the value. */
function codeOf(edges: Float64Array, value: number, top: number): number {
  const n = edges.length;
  let code = 0;
  // Invariant: edges[0 … code) are below the value.
  for (let step = top; step > 0; step >>= 1)
    if (code + step <= n && (edges[code + step - 1] as number) < value) code += step;
  return code;
}
