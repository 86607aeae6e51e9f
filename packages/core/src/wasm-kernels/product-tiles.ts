/**
 * The tile that matrix products and convolutions are made of: up to 6 × 8 sums in registers,
 * `c[r, j] (+)= Σ_s Σ_k a[s·segment + k·step + r·row] · b[(s, k), j]`. With one segment it is a product of matrices; with one
 * for each filter row, `a` an image and overlapping rows, a convolution. Every sum is one chain in ascending order, so its bits
 * do not depend on the tile that it falls into.
 *
 * Measured: 6 × 2 vectors with relaxed madd and 4 × 2 without are the fastest; more live vectors spill. Row offsets are
 * immediates: they cost nothing.
 */
import { type Callable, f32x4, type Local, type Operand, v128, type WasmModule } from '@dendrite/wasm-assembler';
import { storeLanes } from './store-lanes.ts';

/** In bytes. */
export interface TileStrides {
  /** From one row of `a` to the next, and from one element of its sum to the next. */
  readonly row: number;
  readonly step: number;
  /** Parts of the sum, and from one's start in `a` to the next one's. Default: one. */
  readonly segments?: number;
  readonly segment?: number;
  /** From one row of `b`, of `c`, to the next. */
  readonly b: number;
  readonly c: number;
}
type TileParameters = { readonly a: 'i32'; readonly b: 'i32'; readonly c: 'i32'; readonly length: 'i32' };
type Tile = Callable<TileParameters, undefined>;

export interface ProductTiles {
  /** Rows of the tallest tile. */
  readonly tallest: number;
  /** The tile of so many rows (1 to `tallest`) and columns (1 to 8); written when first asked for. `length`: elements of a segment. */
  tile(rows: number, columns: number): Tile;
}

/** @param options.accumulate  sums start from what is in `c` instead of 0 */
export function productTiles(
  m: WasmModule,
  strides: TileStrides & { readonly relaxed: boolean; readonly accumulate?: boolean; readonly name?: string },
): ProductTiles {
  const { row, step, segments = 1, segment = 0, b: bStep, c: cStep, relaxed, accumulate = false, name = '' } = strides;
  const known = new Map<string, Tile>();

  const write = (rows: number, columns: number): Tile =>
    m.function(
      `tile${name}${rows}x${columns}`,
      { parameters: { a: 'i32', b: 'i32', c: 'i32', length: 'i32' }, exported: false },
      (f, { a, b, c, length }) => {
        const vectors = Math.ceil(columns / 4);
        const grid = <T>(each: (r: number, v: number) => T): T[][] =>
          Array.from({ length: rows }, (_, r) => Array.from({ length: vectors }, (_, v) => each(r, v)));
        const sums = grid((r, v) => f.let(accumulate ? v128.load(c, r * cStep + v * 16) : f32x4.splat(0)));
        const one = (from: Local<'i32'>): void => {
          const end = f.let(b.add(length.mul(bStep)));
          f.repeat(
            () => {
              const right = Array.from({ length: vectors }, (_, v) => f.let(v128.load(b, v * 16)));
              sums.forEach((sumsOfRow, r) => {
                const left = f.let(v128.load32_splat(from, r * row));
                sumsOfRow.forEach((sum, v) => {
                  const other = right[v] as Local<'v128'>;
                  sum.set(relaxed ? f32x4.relaxed_madd(left, other, sum) : f32x4.add(sum, f32x4.mul(left, other)));
                });
              });
              from.set(from.add(step));
              b.set(b.add(bStep));
            },
            () => b.lt_s(end),
          );
        };
        f.if(length.gt_s(0), () => {
          if (segments === 1) one(a);
          else
            f.loop(0, segments, () => {
              one(f.let(a));
              a.set(a.add(segment));
            });
        });
        sums.forEach((sumsOfRow, r) => {
          sumsOfRow.forEach((sum, v) => {
            storeLanes(f, c, sum, Math.min(4, columns - 4 * v), r * cStep + v * 16);
          });
        });
      },
    );

  return {
    tallest: relaxed ? 6 : 4,
    tile(rows, columns) {
      const key = `${rows} ${columns}`;
      const tile = known.get(key) ?? write(rows, columns);
      known.set(key, tile);
      return tile;
    },
  };
}

/** What a tile is called with. */
export type TileOperands = { readonly [K in keyof TileParameters]: Operand<'i32'> };
