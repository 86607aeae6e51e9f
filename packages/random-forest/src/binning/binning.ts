/** The two parts of binning that take time; an engine may have its own, with the same results. */
import type { Column } from '@dendrite/spec';
import { writeCodes } from './encode-column.ts';
import { sortedFloats } from './sort-floats.ts';

export interface Binning {
  /** Sorted and rounded to float32; valid until the next call. */
  sorted(values: Float32Array | Float64Array): Float32Array;
  /** Writes how many edges are below each value at `out[at + i · stride]`. */
  encode(
    values: Column['values'],
    edges: Float64Array,
    out: Uint8Array | Uint32Array,
    at: number,
    stride: number,
  ): void;
}

export const jsBinning: Binning = { sorted: sortedFloats, encode: writeCodes };
