/** A grid over a column's edges that says where to begin looking for a value's code. */

export interface Cells {
  /** Of each cell, how many edges lie in lower ones. */
  readonly first: Uint32Array;
  readonly low: number;
  readonly scale: number;
  readonly cells: number;
}

/**
 * The cell of a value, `(value − low) · scale` cut to [0, cells], never falls while the value rises; so an edge in a lower cell
 * is below the value.
 */
export function cellsOf(edges: Float64Array, values: number): Cells {
  const n = edges.length;
  const low = edges[0] ?? 0;
  const span = (edges[n - 1] ?? 0) - low;
  const cells = values < 64 ? 1 : 8 * (n + 1);
  const scale = span > 0 && Number.isFinite(cells / span) ? cells / span : 0;
  const first = new Uint32Array(cells + 2);
  for (const edge of edges) {
    const cell = cellOf(edge, low, scale, cells) + 1;
    first[cell] = (first[cell] as number) + 1;
  }
  for (let cell = 1; cell < first.length; cell++) first[cell] = (first[cell] as number) + (first[cell - 1] as number);
  return { first, low, scale, cells };
}

export function cellOf(value: number, low: number, scale: number, cells: number): number {
  const cell = (value - low) * scale;
  return cell > 0 ? (cell < cells ? Math.floor(cell) : cells) : 0;
}
