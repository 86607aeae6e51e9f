/** Blocks of rows for sums over rows: how many rows a block has depends on their number alone. */
import { storeLanes } from '@dendrite/core/wasm-kernels';
import { type FunctionBuilder, f32x4, type Local, select, type Value, v128 } from '@dendrite/wasm-assembler';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

/** At most so many blocks, at least so many rows in one. */
const mostBlocks = 256;
const fewestRows = 32;

export const blockRows = (rows: number): number => Math.max(fewestRows, Math.ceil(rows / mostBlocks));
export const blocksOf = (rows: number): number => Math.ceil(rows / blockRows(rows));

/** The rows of block `unit`. */
export function rowsOfBlock(
  f: FunctionBuilder,
  unit: Int,
  height: Int,
  rows: Int,
): { readonly from: Int; readonly to: Int } {
  const from = f.let(unit.mul(height));
  const end = f.let(from.add(height));
  return { from, to: f.let(select(end.lt_s(rows), end, rows)) };
}

/** Vectors of columns taken at a time: what fits into registers beside what is computed. */
const widest = 4;

/** Goes through `width` columns (baked in) a few vectors at a time; `at` is the place in bytes, and `lanes` of its vectors count. */
export function eachColumns(
  f: FunctionBuilder,
  width: number,
  body: (at: Int, lanes: readonly number[]) => void,
): void {
  const bytes = 16 * widest;
  const whole = Math.floor((4 * width) / bytes) * bytes;
  if (whole > 0) f.loop(0, whole, bytes, (at) => body(at, new Array<number>(widest).fill(4)));
  const rest = width - whole / 4;
  const lanes = Array.from({ length: Math.ceil(rest / 4) }, (_, v) => Math.min(4, rest - 4 * v));
  if (rest > 0) body(f.local('i32', whole), lanes);
}

/** Adds up `count` arrays of `width` floats that lie one after another from `from` on, into what `store` makes of each sum. */
export function joinBlocks(
  f: FunctionBuilder,
  {
    from,
    count,
    step,
    width,
  }: { readonly from: Int; readonly count: Int; readonly step: number; readonly width: number },
  store: (at: Int, sum: Vector, lanes: number) => void,
): void {
  eachColumns(f, width, (at, lanes) => {
    const sums = lanes.map(() => f.let(f32x4.splat(0)));
    const place = f.let(from.add(at));
    f.loop(0, count, () => {
      sums.forEach((sum, v) => {
        sum.set(f32x4.add(sum, v128.load(place, 16 * v)));
      });
      place.set(place.add(step));
    });
    sums.forEach((sum: Local<'v128'>, v) => {
      store(f.let(at.add(16 * v)), sum, lanes[v] ?? 4);
    });
  });
}

/** Stores the first lanes of a value. */
export const storeAt = (f: FunctionBuilder, address: Int, value: Vector, lanes: number): void =>
  storeLanes(f, f.let(address), f.let(value), lanes);
