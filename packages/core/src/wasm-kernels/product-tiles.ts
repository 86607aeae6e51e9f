/**
 * The tile that matrix products and convolutions are made of: up to 6 × 8 sums in registers,
 * `c[r, j] (+)= Σ_o Σ_k Σ_t a[o·outer.step + k·step + taps[t] + r·row] · b[(o, t, k), j]`. With k alone it is a product of matrices;
 * with a tap for each filter row, `a` an image and overlapping rows, a convolution. Every sum is one chain in the order o, k, t, so
 * its bits do not depend on the tile that it falls into.
 *
 * Measured: 6 × 2 vectors with relaxed madd and 4 × 2 without are the fastest; more live vectors spill; a single vector needs
 * eight rows, or the sums wait for each other. Row offsets are immediates: they cost nothing.
 */
import {
  type CallStatement,
  f32x4,
  type Local,
  type Operand,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { integers, operandsFor } from './parameters.ts';
import { storeLanes } from './store-lanes.ts';

/** In bytes. */
export interface TileStrides {
  /** From one row of `a` to the next, and from one element of its sum to the next. */
  readonly row: number;
  readonly step: number;
  /** Parts of the sum, and from one's start in `a` to the next one's; or each call says both. Default: one. */
  readonly outer?: { readonly count: number; readonly step: number } | 'asked';
  /**
   * Places in `a` that one turn of the inner loop goes through, at most about eight; more than one needs `length`. Or how many there
   * are, and each call says how far one is from the next. Default: [0].
   */
  readonly taps?: readonly number[] | { readonly count: number };
  /** Elements of a part and tap, where they are known. */
  readonly length?: number;
  /** From one row of `b`, of `c`, to the next. */
  readonly b: number;
  readonly c: number;
}

/** What a tile is called with. */
export interface TileOperands {
  readonly a: Operand<'i32'>;
  readonly b: Operand<'i32'>;
  readonly c: Operand<'i32'>;
  /** Elements of a part and tap. */
  readonly length: Operand<'i32'>;
  /** Where the option `accumulate` is 'asked': not 0, sums start from what is in `c`. */
  readonly more?: Operand<'i32'>;
  /** Where `outer` is asked for: parts of the sum. */
  readonly parts?: Operand<'i32'>;
  /** Bytes from one part, or one tap, to the next, where each call says that. */
  readonly apart?: Operand<'i32'>;
}
const operands = ['a', 'b', 'c', 'length', 'more', 'parts', 'apart'] as const;
type Tile = (operands: TileOperands) => CallStatement;

export interface ProductTiles {
  /** Rows of the tallest tile with so many columns (1 to 8). */
  tallest(columns: number): number;
  /** The tile of so many rows and columns; written when first asked for, so ask before the function that calls it. */
  tile(rows: number, columns: number): Tile;
}

/** Elements of a known sum that are written out, in the tallest tile: a loop's end costs as much as a few of its turns. */
const unrolled = 8;

/** Rows of the tallest tile of two vectors. */
export const tallestOf = (relaxed: boolean): number => (relaxed ? 6 : 4);

const tallest = (columns: number, relaxed: boolean): number => (columns <= 4 ? 8 : tallestOf(relaxed));

/** @param options.accumulate  sums start from what is in `c` instead of 0: never (false, the default), always, or when a call asks */
export function productTiles(
  m: WasmModule,
  strides: TileStrides & {
    readonly relaxed: boolean;
    readonly accumulate?: boolean | 'asked';
    readonly name?: string;
  },
): ProductTiles {
  const { row, step, outer = { count: 1, step: 0 }, length: fixed = 0 } = strides;
  const isSpread = strides.taps !== undefined && 'count' in strides.taps;
  const taps = isSpread ? Array.from({ length: strides.taps.count }, () => 0) : (strides.taps ?? [0]);
  const isParted = outer === 'asked' || outer.count > 1;
  /** The last two only where they are needed: each costs a call a little. */
  const names: readonly (typeof operands)[number][] = isSpread || outer === 'asked' ? operands : operands.slice(0, -2);
  const { b: bStep, c: cStep, relaxed, accumulate = false, name = '' } = strides;
  const known = new Map<string, Tile>();

  const write = (rows: number, columns: number): Tile => {
    const written = m.function(
      `tile${name}${rows}x${columns}`,
      { parameters: integers(names), exported: false },
      (f, { a, b, c, length, more, parts, apart }) => {
        const vectors = Math.ceil(columns / 4);
        const grid = <T>(each: (r: number, v: number) => T): T[][] =>
          Array.from({ length: rows }, (_, r) => Array.from({ length: vectors }, (_, v) => each(r, v)));
        const before = (r: number, v: number): Value<'v128'> => v128.load(c, r * cStep + v * 16);
        const sums = grid((r, v) => f.let(accumulate === true ? before(r, v) : f32x4.splat(0)));
        if (accumulate === 'asked')
          f.if(more, () => {
            for (const [r, sumsOfRow] of sums.entries())
              for (const [v, sum] of sumsOfRow.entries()) sum.set(before(r, v));
          });
        /** What the element `k` places further on adds to all sums. */
        const add = (from: Local<'i32'>, k: number): void => {
          let place = from;
          for (const [t, tap] of taps.entries()) {
            if (isSpread && t > 0) place = f.let(place.add(apart));
            const at = place;
            const below = (t * fixed + k) * bStep;
            const leftOf = (r: number): Local<'v128'> => f.let(v128.load32_splat(at, tap + k * step + r * row));
            const rightOf = (v: number): Local<'v128'> => f.let(v128.load(b, below + v * 16));
            // The fewer stay in registers, the others come one by one.
            const lefts = rows < vectors ? sums.map((_, r) => leftOf(r)) : [];
            const rights = rows < vectors ? [] : Array.from({ length: vectors }, (_, v) => rightOf(v));
            const both = (r: number, v: number, left: Local<'v128'>, right: Local<'v128'>): void => {
              const sum = sums[r]?.[v];
              if (sum) sum.set(multiplyAdd(left, right, sum, relaxed));
            };
            if (rights.length > 0)
              for (let r = 0; r < rows; r++) {
                const left = leftOf(r);
                for (const [v, right] of rights.entries()) both(r, v, left, right);
              }
            else
              for (let v = 0; v < vectors; v++) {
                const right = rightOf(v);
                for (const [r, left] of lefts.entries()) both(r, v, left, right);
              }
          }
        };
        const large = rows === tallest(columns, relaxed) || rows * vectors >= 10;
        const short = fixed * taps.length <= unrolled && large && !isParted;
        /** Elements of a turn. A wide tile has fewer instructions that are no arithmetic to share out, so more turns to save. */
        const several = taps.length > 1 || !large || columns <= 4 ? 1 : rows < vectors ? 4 : 2;
        const one = (from: Local<'i32'>): void => {
          if (fixed > 0 && short) {
            for (let k = 0; k < fixed; k++) add(from, k);
            return;
          }
          const turn = (elements: number): void => {
            for (let k = 0; k < elements; k++) add(from, k);
            from.set(from.add(elements * step));
            b.set(b.add(elements * bStep));
          };
          const loop = (elements: number, end: Local<'i32'>): void =>
            f.repeat(
              () => turn(elements),
              () => b.lt_s(end),
            );
          if (fixed >= several) {
            loop(several, f.let(b.add((fixed - (fixed % several)) * bStep)));
            for (let k = 0; k < fixed % several; k++) turn(1);
          } else {
            const end = f.let(b.add(length.mul(bStep)));
            if (several === 1) loop(1, end);
            else {
              const whole = f.let(b.add(length.and(-several).mul(bStep)));
              f.if(b.lt_s(whole), () => loop(several, whole));
              f.while(
                () => b.lt_s(end),
                () => turn(1),
              );
            }
          }
        };
        f.if(length.gt_s(0), () => {
          if (!isParted) one(a);
          else
            f.loop(0, outer === 'asked' ? parts : outer.count, () => {
              one(f.let(a));
              a.set(a.add(outer === 'asked' ? apart : outer.step));
              if (taps.length > 1) b.set(b.add((taps.length - 1) * fixed * bStep));
            });
        });
        for (const [r, sumsOfRow] of sums.entries())
          for (const [v, sum] of sumsOfRow.entries())
            storeLanes(f, c, sum, Math.min(4, columns - 4 * v), r * cStep + v * 16);
      },
    );
    return (given) => written(operandsFor(names, given));
  };

  return {
    tallest: (columns) => tallest(columns, relaxed),
    tile(rows, columns) {
      const key = `${rows} ${columns}`;
      const tile = known.get(key) ?? write(rows, columns);
      known.set(key, tile);
      return tile;
    },
  };
}

/** `sum + x · y`: one rounding with relaxed SIMD, where the processor has it; else two. */
export const multiplyAdd = (x: Value<'v128'>, y: Value<'v128'>, sum: Value<'v128'>, relaxed: boolean): Value<'v128'> =>
  relaxed ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y));
