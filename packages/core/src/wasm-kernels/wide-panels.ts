/**
 * Panels as wide as a wide tile: 2 rows of up to 24 columns, 12 sums in registers as the tall one has, 6 rows of 8. Their loops reach
 * the same part of the peak on a core of their own. On one that is shared with another thread, which issues half as many instructions,
 * a wide tile reaches 90 % and a tall one 77: it reads its vectors with constant offsets, where each element of `a` that fills a vector
 * takes V8 an instruction more for its address. Few rows wait for each other less in wide tiles, too.
 */
import { tallestOf } from './product-tiles.ts';

/** Vectors of the widest tile. */
const widest = 6;
/** Rows of a wide tile. */
const wideRows = 2;

/** So many panels of so many columns, one behind the other. */
export interface Panels {
  readonly columns: number;
  readonly count: number;
}
/** Panels with what lies before them: panels, columns, and bytes of a packed row. */
export interface PanelPlace extends Panels {
  readonly panel: number;
  readonly column: number;
  readonly bytes: number;
}

const vectorsOf = (columns: number): number => Math.ceil(columns / 4);

/** Panels as alike as they can be in whole vectors, none wider than a wide tile. */
export function widePanels(n: number): readonly Panels[] {
  const vectors = vectorsOf(n);
  const missing = 4 * vectors - n;
  const count = Math.ceil(vectors / widest);
  const width = Math.ceil(vectors / count);
  const narrower = count * width - vectors;
  const panels: Panels[] = [
    { columns: 4 * width, count: count - narrower },
    { columns: 4 * (width - 1), count: narrower },
  ];
  if (missing > 0) {
    const last = narrower > 0 ? 1 : 0;
    const { columns, count } = panels[last] ?? { columns: 0, count: 0 };
    panels[last] = { columns, count: count - 1 };
    panels.push({ columns: columns - missing, count: 1 });
  }
  return panels.filter(isSome);
}
/** Panels of eight; the last one may be narrower. */
export const panelsOfEight = (n: number): readonly Panels[] =>
  [
    { columns: 8, count: Math.floor(n / 8) },
    { columns: n % 8, count: 1 },
  ].filter(isSome);
const isSome = ({ columns, count }: Panels): boolean => columns > 0 && count > 0;

export function placesOf(panels: readonly Panels[]): readonly PanelPlace[] {
  let [panel, column, bytes] = [0, 0, 0];
  return panels.map(({ columns, count }) => {
    const place = { columns, count, panel, column, bytes };
    panel += count;
    column += count * columns;
    bytes += count * panelRow(columns);
    return place;
  });
}
export const countOf = (panels: readonly Panels[]): number => panels.reduce((sum, { count }) => sum + count, 0);
/** Bytes from one row of a packed panel to the next: whole vectors. */
export const panelRow = (columns: number): number => 16 * vectorsOf(columns);
/** Bytes of a row of all packed panels. */
export const packedRow = (panels: readonly Panels[]): number =>
  panels.reduce((sum, { columns, count }) => sum + count * panelRow(columns), 0);

export interface ProductTile {
  readonly rows: number;
  readonly columns: number;
}
/** Without fused arithmetic a product needs a register of its own. */
export const wideTile = (relaxed: boolean): ProductTile =>
  relaxed ? { rows: wideRows, columns: 4 * widest } : { rows: tallestOf(relaxed), columns: 8 };

/** Parts of a panel that a tile takes at a time. */
export const stripesOf = (
  width: number,
  relaxed: boolean,
): readonly { readonly first: number; readonly columns: number }[] => {
  const { columns: most } = wideTile(relaxed);
  return Array.from({ length: Math.ceil(width / most) }, (_, i) => ({
    first: i * most,
    columns: Math.min(most, width - i * most),
  }));
};
