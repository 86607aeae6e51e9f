/** The parts of binning that take time; an engine may have its own, with the same results. */
import type { Column } from '@dendrite/spec';
import type { Bins } from './bins.ts';
import { searchCodes } from './encode-column.ts';
import { quantileEdges } from './quantile-edges.ts';

/** `[rows, features]`, row by row. */
export type Rows = Float32Array | Int32Array | Uint8Array;

export interface Binning {
  /** Sorted and rounded to float32; valid until the next call. */
  sorted(values: Float32Array | Float64Array): Float32Array;
  /** Between bins of about equal numbers of sorted values, of which there are more than bins. */
  edges(sorted: Float32Array): Float64Array;
  /** Writes how many edges are below each value at `out[at + i · stride]`. */
  encode(
    values: Column['values'],
    edges: Float64Array,
    out: Uint8Array | Uint32Array,
    at: number,
    stride: number,
  ): void;
  /** Column-major codes as row-major ones; the other way with columns for rows. */
  transpose(from: Uint8Array, to: Uint8Array, rows: number): void;
  /** Bins of numbers that are not all bytes: what bins.ts makes of them sorted. */
  bins?(values: Float32Array | Float64Array): Bins;
  /** Bins and codes of a narrow table of rows: see encode-rows.ts. Undefined where it cannot. */
  encodeRows?(data: Rows, known: readonly Bins[] | undefined, where: string): readonly Bins[] | undefined;
  /** Writes numbers as bytes, if all are such, as in pictures that were made numbers; whether they are. */
  bytes?(numbers: Float32Array, to: Uint8Array): boolean;
  /** Writes rows of numbers, if all are bytes, as codes in groups; whether they are. Where columns lie in groups, and only there. */
  grouped?(data: Rows): boolean;
  /** Bins of a column of bytes, at this place of the codes, by counting all of them; the bytes become codes. */
  binBytes?(at: number): Bins;
  /** Each byte of that column becomes what `table` has for it. */
  translate?(at: number, table: Uint8Array): void;
}

/** The engine's own sort: for few values nothing that must be loaded and compiled first is faster. */
export const sortedCopy = (values: Float32Array | Float64Array): Float32Array => new Float32Array(values).sort();

/** @param many  what sorts and encodes many values (sort-floats.ts, write-codes.ts), where there are many */
export const jsBinning = (many?: Pick<Binning, 'sorted' | 'encode'>): Binning => ({
  sorted: sortedCopy,
  edges: quantileEdges,
  encode: searchCodes,
  ...many,
  transpose: (from, to, rows) => transposed(from, to, rows, 0, 0),
});

/** Writes what lies at and behind `firstRow`, and at and behind `firstColumn` of the rows before it. */
export function transposed(
  from: Uint8Array,
  to: Uint8Array,
  rows: number,
  firstRow: number,
  firstColumn: number,
): void {
  const columns = to.length / rows;
  for (let column = 0; column < columns; column++)
    for (let row = column < firstColumn ? firstRow : 0; row < rows; row++)
      to[row * columns + column] = from[column * rows + row] as number;
}
