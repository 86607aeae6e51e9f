/** How the common form of a product cuts its columns into panels and its rows into tiles. Not which shape takes which form. */
import { tallestOf } from '../../wasm-kernels/product-tiles.ts';
import {
  countOf,
  type Panels,
  type ProductTile,
  panelsOfEight,
  widePanels,
  wideTile,
} from '../../wasm-kernels/wide-panels.ts';

/** Columns from which on tiles are wide: fewer are cut unevenly, and short sums make more of a tile's beginning and end. */
const wideFrom = 192;
export const suitsWide = (n: number): boolean => n >= wideFrom;

/** Panels from left to right: wide ones, or of eight; the last one may be narrower. */
export const panelsOf = (n: number): readonly Panels[] => (suitsWide(n) ? widePanels(n) : panelsOfEight(n));
/** How many there are. */
export const panelCount = (n: number): number => countOf(panelsOf(n));

/** Rows of the highest tile, and columns of a panel that it takes at a time. */
export const tileOf = (n: number, relaxed: boolean): ProductTile =>
  suitsWide(n) ? wideTile(relaxed) : { rows: tallestOf(relaxed), columns: 8 };
