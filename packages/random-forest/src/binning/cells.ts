/** A grid over a column's edges that says where to begin looking for a value's code. */

/** Which cell a value lies in: `(value − low) · scale`, cut to [0, cells]; it never falls while the value rises. */
export interface Grid {
  readonly low: number;
  readonly scale: number;
  readonly cells: number;
}
export interface Cells extends Grid {
  /** Of each cell, how many edges lie in lower ones, hence below its values. */
  readonly first: Uint32Array;
  /** The most edges that lie in one cell. */
  readonly most: number;
}

export function gridOf(edges: Float64Array): Grid {
  const n = edges.length;
  const low = edges[0] ?? 0;
  const span = (edges[n - 1] ?? 0) - low;
  const cells = 8 * (n + 1);
  const scale = span > 0 && Number.isFinite(cells / span) ? cells / span : 0;
  return { low, scale, cells };
}

export function cellsOf(edges: Float64Array): Cells {
  const { low, scale, cells } = gridOf(edges);
  const first = new Uint32Array(cells + 2);
  for (const edge of edges) {
    const cell = cellOf(edge, low, scale, cells) + 1;
    first[cell] = (first[cell] as number) + 1;
  }
  let most = 0;
  for (let cell = 1; cell < first.length; cell++) {
    const here = first[cell] as number;
    if (here > most) most = here;
    first[cell] = here + (first[cell - 1] as number);
  }
  return { first, low, scale, cells, most };
}

export function cellOf(value: number, low: number, scale: number, cells: number): number {
  const cell = (value - low) * scale;
  return cell > 0 ? (cell < cells ? Math.floor(cell) : cells) : 0;
}
