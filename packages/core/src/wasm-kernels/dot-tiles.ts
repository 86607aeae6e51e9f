/**
 * Products whose lanes run along the sum: `c[r, j] = Σ_k a[r, k] · b[j, k]`, both operands read four elements at a time, so no
 * lane is wasted on columns that do not exist. Each sum is four chains, one for k ≡ 0, 1, 2, 3 (mod 4), and
 * `(chain 0 + chain 2) + (chain 1 + chain 3)` at its end. Pays from about 80 elements on; up to 6 × 2 sums in registers.
 */
import {
  type CallStatement,
  type FunctionBuilder,
  f32x4,
  i8x16,
  type Local,
  type Operand,
  type Value,
  v128,
  type WasmModule,
} from '@dendrite/wasm-assembler';
import { multiplyAdd, tallestOf } from './product-tiles.ts';

export interface DotTiles {
  readonly tallest: number;
  /** The tile of so many rows and columns (1 or 2); written when first asked for. */
  tile(rows: number, columns: number): (operands: { readonly [K in 'a' | 'b' | 'c']: Operand<'i32'> }) => CallStatement;
}
type Tile = ReturnType<DotTiles['tile']>;

/** @param options.length  elements of a sum; rows of `a` and of `b` lie one behind the other. `c`: bytes from row to row */
export function dotTiles(
  m: WasmModule,
  { length, c: cStep, relaxed }: { readonly length: number; readonly c: number; readonly relaxed: boolean },
): DotTiles {
  const known = new Map<string, Tile>();
  const row = 4 * length;
  const write = (rows: number, columns: number): Tile =>
    m.function(
      `dots${rows}x${columns}`,
      { parameters: { a: 'i32', b: 'i32', c: 'i32' }, exported: false },
      (f, { a, b, c }) => {
        const sums = Array.from({ length: rows }, () => Array.from({ length: columns }, () => f.let(f32x4.splat(0))));
        const add = (load: (at: Local<'i32'>, offset: number) => Value<'v128'>): void => {
          const right = Array.from({ length: columns }, (_, j) => f.let(load(b, j * row)));
          for (const [r, sumsOfRow] of sums.entries()) {
            const left = f.let(load(a, r * row));
            for (const [j, sum] of sumsOfRow.entries()) sum.set(multiplyAdd(left, right[j] ?? left, sum, relaxed));
          }
        };
        const whole = length - (length % 4);
        if (whole > 0) {
          const end = f.let(a.add(4 * whole));
          f.repeat(
            () => {
              add((at, offset) => v128.load(at, offset));
              a.set(a.add(16));
              b.set(b.add(16));
            },
            () => a.lt_s(end),
          );
        }
        // What is left over is read alone: behind it lie other rows, and 0 · NaN is not 0.
        if (length > whole) add((at, offset) => loadLanes(f, at, length - whole, offset));
        for (let r = 0; r < rows; r += 2) {
          const [x, y = x] = [sums[r], sums[r + 1]];
          const [p, q] = [x?.[0], y?.[0]];
          if (!x || !y || !p || !q) continue;
          const totals = f.let(fourTotals(f, [p, x[1] ?? p, q, y[1] ?? q]));
          const two = columns === 2;
          const lane = (from: number, to: number): void =>
            two ? f.v128.store64_lane(c, totals, from, to) : f.v128.store32_lane(c, totals, 2 * from, to);
          lane(0, r * cStep);
          if (r + 1 < rows) lane(1, (r + 1) * cStep);
        }
      },
    );
  return {
    tallest: tallestOf(relaxed),
    tile(rows, columns) {
      const key = `${rows} ${columns}`;
      const tile = known.get(key) ?? write(rows, columns);
      known.set(key, tile);
      return tile;
    },
  };
}

/** The first `count` (1 to 3) of four float32; the others are 0. */
export function loadLanes(f: FunctionBuilder, at: Value<'i32'>, count: number, offset: number): Value<'v128'> {
  if (count === 1) return v128.load32_zero(at, offset);
  const two = v128.load64_zero(at, offset);
  return count === 2 ? two : v128.load32_lane(at, f.let(two), 2, offset + 8);
}

/** The sums of the lanes of four vectors, each as `(0 + 2) + (1 + 3)`. */
export function fourTotals(
  f: FunctionBuilder,
  [a, b, c, d]: readonly [Value<'v128'>, Value<'v128'>, Value<'v128'>, Value<'v128'>],
): Value<'v128'> {
  const halves = (x: Value<'v128'>, y: Value<'v128'>): Value<'v128'> =>
    f32x4.add(i8x16.shuffle(x, y, words(0, 4, 1, 5)), i8x16.shuffle(x, y, words(2, 6, 3, 7)));
  const [left, right] = [f.let(halves(a, b)), f.let(halves(c, d))];
  return f32x4.add(i8x16.shuffle(left, right, words(0, 1, 4, 5)), i8x16.shuffle(left, right, words(2, 3, 6, 7)));
}
const words = (...indices: readonly number[]): readonly number[] =>
  indices.flatMap((i) => [4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3]);
