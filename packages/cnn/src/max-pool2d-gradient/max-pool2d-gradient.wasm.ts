/** Each window's cotangent to its first largest element (its first NaN, where there is one). A unit of work is an image. */
import type { WasmKernel } from '@dendrite/spec';
import { type FunctionBuilder, f32x4, type Value, v128 } from '@dendrite/wasm-assembler';
import { largerOf } from '@dendrite/wasm-assembler/elementary';
import { poolKernel } from '../window/pool-kernel.ts';
import { areApart, clearRest, type Tap, type WindowVector } from '../window/wasm-pool.ts';

type Int = Value<'i32'>;

export const maxPool2dGradientWasmKernel: WasmKernel = poolKernel(
  ['wide', 'wide', 'pooled'],
  (f, g, [to, from, dy], { eachVector, wideBytes }) => {
    if (!(to && from && dy)) return;
    clearRest(f, g, to, wideBytes);
    eachVector(dy, ({ listed, taps, at }) =>
      listed
        ? toFirstLargest(f, listed, { from, to, at, apart: areApart(g) })
        : toEachLargest(f, taps, { from, to, at }),
    );
  },
);

interface Places {
  readonly from: Int;
  readonly to: Int;
  readonly at: Int;
}

/** @param places.apart  no other window has these elements: each is written once, with the cotangent or with zero */
function toFirstLargest(
  f: FunctionBuilder,
  taps: readonly Tap[],
  { from, to, at, apart }: Places & { readonly apart: boolean },
): void {
  const best = f.let(taps[0]?.load(from) ?? f32x4.splat(0));
  // Whether an element is more than all before it. A NaN is, and nothing is more than a NaN.
  const wins = taps.slice(1).map(({ load }) => {
    const value = f.let(load(from));
    const more = f.let(v128.andnot(f32x4.eq(best, best), f32x4.le(value, best)));
    best.set(v128.bitselect(value, best, more));
    return more;
  });
  const open = f.let(v128.load(at));
  const give = (tap: Tap | undefined, value: Value<'v128'>): void =>
    tap?.store(to, apart ? value : f.let(f32x4.add(tap.load(to), value)));
  // The last that was more takes all, then nothing is left for those before it.
  for (let i = wins.length; i > 0; i--) {
    const more = wins[i - 1] as Value<'v128'>;
    give(taps[i], v128.and(open, more));
    open.set(v128.andnot(open, more));
  }
  give(taps[0], open);
}

/** For windows over padding, whose elements are looped over. */
function toEachLargest(f: FunctionBuilder, taps: WindowVector['taps'], { from, to, at }: Places): void {
  const best = f.let(f32x4.splat(Number.NEGATIVE_INFINITY));
  taps(({ load }) => best.set(largerOf(best, f.let(load(from)))));
  const open = f.let(v128.load(at));
  const noNumber = f.let(f32x4.ne(best, best));
  taps(({ load, store }) => {
    const value = f.let(load(from));
    const wins = f.let(v128.or(f32x4.eq(value, best), v128.and(noNumber, f32x4.ne(value, value))));
    store(to, f.let(f32x4.add(load(to), v128.and(open, wins))));
    // What has been given away is not given again.
    open.set(v128.andnot(open, wins));
  });
}
