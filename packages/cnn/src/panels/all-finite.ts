/** Whether numbers that zeros of a border are multiplied with are all finite: then those products add nothing. */
import { loadLanes } from '@dendrite/core/wasm-kernels';
import { type FunctionBuilder, f32x4, i32x4, type Value, v128 } from '@dendrite/wasm-assembler';

/** 1 where all of so many floats are finite, else 0; eight chains of 0 · x at a time. */
export function allFinite(f: FunctionBuilder, from: Value<'i32'>, floats: number): Value<'i32'> {
  const [zero, at] = [f.let(f32x4.splat(0)), f.let(from)];
  const sums = Array.from({ length: 8 }, () => f.let(f32x4.splat(0)));
  const add = (count: number): void => {
    for (const [n, sum] of sums.entries()) {
      const lanes = Math.min(4, count - 4 * n);
      const load = (): Value<'v128'> => (lanes === 4 ? v128.load(at, 16 * n) : loadLanes(f, at, lanes, 16 * n));
      if (lanes > 0) sum.set(f32x4.add(sum, f32x4.mul(load(), zero)));
    }
  };
  f.loop(0, Math.floor(floats / 32), () => {
    add(32);
    at.set(at.add(128));
  });
  add(floats % 32);
  return i32x4.all_true(
    f32x4.eq(
      sums.reduce<Value<'v128'>>((all, sum) => f32x4.add(all, sum), zero),
      zero,
    ),
  );
}
