/** All rows of a product in tiles of one width, and how high those are. */
import type { FunctionBuilder, Value } from '@dendrite/wasm-assembler';
import { type ProductTiles, tallestOf } from './product-tiles.ts';

type Int = Value<'i32'>;

/** Rows of a tile of so many columns: 12 sums in registers as far as it goes, and 8 rows at most. Plain SIMD has tiles of eight columns. */
const rowsOfTile = (columns: number, relaxed: boolean): number =>
  relaxed ? Math.min(8, Math.floor(12 / Math.ceil(columns / 4))) : tallestOf(relaxed);

/** Writes those tiles, before the function that calls them; gives the heights that `tileRows` takes. */
export function tileHeights(tiles: ProductTiles, columns: number, relaxed: boolean): readonly number[] {
  const highest = rowsOfTile(columns, relaxed);
  const heights = [highest, ...[4, 2, 1].filter((height) => height < highest)];
  for (const height of heights) tiles.tile(height, columns);
  return heights;
}

/** `c (+)= a · b` for a stripe of `columns`. */
export function tileRows(
  f: FunctionBuilder,
  tiles: ProductTiles,
  at: {
    readonly heights: readonly number[];
    readonly columns: number;
    readonly a: Int;
    readonly b: Int;
    readonly c: Int;
    readonly rows: Int;
    readonly length: Int;
    readonly more: Int;
    /** Bytes from one row of `a`, of `c`, to the next. */
    readonly row: number;
    readonly cStep: number;
  },
): void {
  const { heights, columns, b, length, more, row, cStep } = at;
  const [a, c, left] = [f.let(at.a), f.let(at.c), f.let(at.rows)];
  const one = (height: number): void => {
    f.do(tiles.tile(height, columns)({ a, b, c, length, more }));
    a.set(a.add(height * row));
    c.set(c.add(height * cStep));
    left.set(left.sub(height));
  };
  const [highest = 1, ...rest] = heights;
  f.while(
    () => left.ge_s(highest),
    () => one(highest),
  );
  for (const height of rest) f.if(left.and(height), () => one(height));
}
