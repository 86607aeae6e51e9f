/** A product of small matrices as a function of a kernel's module: tiles over the panels of `b`, eight columns each. */
import type { Callable, WasmModule } from '@dendrite/wasm-assembler';
import { integers } from './parameters.ts';
import { productTiles, type TileStrides } from './product-tiles.ts';

export interface TiledProductOptions extends TileStrides {
  readonly relaxed: boolean;
  /** Adds to what is in `c`. Default false. */
  readonly accumulate?: boolean;
  /** Told apart from other products of the module. */
  readonly name: string;
  /** Bytes from one panel of `b` to the next. */
  readonly panel: number;
  /** Columns of the panel behind the whole ones, 0 to 7. Default 0. */
  readonly tail?: number;
}
const names = ['a', 'b', 'c', 'rows', 'panels', 'length'] as const;
type Parameters = { readonly [K in (typeof names)[number]]: 'i32' };

/** `c (+)= a · b`; called with addresses, the rows of `a`, the whole panels of `b` and the elements of a sum. */
export function tiledProduct(
  m: WasmModule,
  { panel, tail = 0, name, ...options }: TiledProductOptions,
): Callable<Parameters, undefined> {
  const tiles = productTiles(m, { ...options, name });
  const heightsOf = (width: number): readonly number[] => {
    const highest = tiles.tallest(width);
    return [highest, ...[4, 2, 1].filter((height) => height < highest)];
  };
  for (const width of tail > 0 ? [8, tail] : [8]) for (const height of heightsOf(width)) tiles.tile(height, width);
  return m.function(`product${name}`, { parameters: integers(names), exported: false }, (f, p) => {
    const onePanel = (width: number): void => {
      const [a, c, left] = [f.let(p.a), f.let(p.c), f.let(p.rows)];
      const tile = (height: number): void => {
        f.do(tiles.tile(height, width)({ a, b: p.b, c, length: p.length }));
        a.set(a.add(height * options.row));
        c.set(c.add(height * options.c));
        left.set(left.sub(height));
      };
      const [highest = 1, ...rest] = heightsOf(width);
      // Eight are four and four: two rows alone would wait for their sums.
      f.while(
        () => (highest === 6 ? left.ge_s(highest).and(left.ne(8)) : left.ge_s(highest)),
        () => tile(highest),
      );
      if (highest === 6) f.if(left.eq(8), () => tile(4));
      for (const height of rest) f.if(left.and(height), () => tile(height));
    };
    f.loop(0, p.panels, () => {
      onePanel(8);
      p.b.set(p.b.add(panel));
      p.c.set(p.c.add(32));
    });
    if (tail > 0) onePanel(tail);
  });
}
