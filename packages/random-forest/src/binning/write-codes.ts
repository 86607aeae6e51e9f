/** Many values as codes. Loaded where there are many. */
import type { Column } from '@dendrite/spec';
import type { Binning } from './binning.ts';
import { type Cells, cellOf, cellsOf } from './cells.ts';
import { lowerBound, searchCodes } from './encode-column.ts';

/**
 * How many edges are below each value. A grid of cells says between which ones to look. Where no cell holds more than a few edges, as
 * with most columns, each is asked without a branch, which for every other value would be foreseen wrongly.
 */
export const writeCodes: Binning['encode'] = (values, edges, out, at, stride) => {
  const rows = values.length;
  if (rows < fewValues) {
    searchCodes(values, edges, out, at, stride);
    return;
  }
  const grid = cellsOf(edges);
  const { first, low, scale, cells } = grid;
  if (grid.most <= fewEdges) writeFewAsked(values, edges, grid, out, at, stride);
  else
    for (let i = 0; i < rows; i++) {
      const value = values[i] as number;
      const cell = cellOf(value, low, scale, cells);
      out[at + i * stride] = lowerBound(edges, value, first[cell], first[cell + 1]);
    }
};

/** A function of its own, so that it is compiled by itself. */
function writeFewAsked(
  values: Column['values'],
  edges: Float64Array,
  { first, low, scale, cells, most }: Cells,
  out: Uint8Array | Uint32Array,
  at: number,
  stride: number,
): void {
  // Behind the last edge stands one that no value is above.
  const ends = new Float64Array(edges.length + 1).fill(Number.POSITIVE_INFINITY);
  ends.set(edges);
  for (let i = 0; i < values.length; i++, at += stride) {
    const value = values[i] as number;
    let code = first[cellOf(value, low, scale, cells)] as number;
    for (let asked = 0; asked < most; asked++) code += Number((ends[code] as number) < value);
    out[at] = code;
  }
}
/** Edges of one cell that are asked without a branch. */
const fewEdges = 4;
/** Fewer are not worth a grid. */
export const fewValues = 64;
