/** Each window's cotangent to its first largest element (its first NaN, where there is one). A unit of work is an image. */
import type { WasmKernel } from '@dendrite/spec';
import { type FunctionBuilder, f32, f32x4, i32x4, type Value, v128 } from '@dendrite/wasm-assembler';
import { poolKernel } from '../window/pool-kernel.ts';
import { areApart, clearRest, type Tap, type WindowVector } from '../window/wasm-pool.ts';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

export const maxPool2dGradientWasmKernel: WasmKernel = poolKernel(
  ['wide', 'wide', 'pooled'],
  (f, g, [to, from, dy], { eachVector, wideBytes, relaxed }) => {
    if (!(to && from && dy)) return;
    const selected: Selected = relaxed ? i32x4.relaxed_laneselect : v128.bitselect;
    clearRest(f, g, to, wideBytes);
    eachVector(dy, (vector) =>
      areApart(g) && vector.listed
        ? toFirstLargest(f, vector.listed, { from, to, at: vector.at, selected })
        : toPlaces(f, vector, { from, to, selected }),
    );
  },
);

/** The first's bits where the mask, all ones or zeros in a lane, has ones; a relaxed selection gives then what the other does. */
type Selected = (x: Vector, y: Vector, mask: Vector) => Vector;
interface Places {
  readonly from: Int;
  readonly to: Int;
  readonly selected: Selected;
}

/** Whether an element is more than all before it. A NaN is, and nothing is more than a NaN. */
const isMore = (value: Vector, best: Vector): Vector => v128.andnot(f32x4.eq(best, best), f32x4.le(value, best));

/** Where windows share elements, or are looped over: finds the place of each lane's largest, and adds to those alone. */
function toPlaces(
  f: FunctionBuilder,
  { listed, taps, corner, lanes, at }: WindowVector,
  { from, to, selected }: Places,
): void {
  const best = f.let(listed?.[0]?.load(from) ?? f32x4.splat(Number.NEGATIVE_INFINITY));
  const place = f.let(i32x4.splat(0));
  const look = (tap: Tap): void => {
    const value = f.let(tap.load(from));
    const more = f.let(isMore(value, best));
    best.set(selected(value, best, more));
    place.set(selected(i32x4.splat(tap.place), place, more));
  };
  if (listed) listed.slice(1).forEach(look);
  else taps(look);
  const first = f.let(to.add(corner));
  for (const [i, lane] of lanes.entries()) {
    const target = f.let(first.add(i32x4.extract_lane(place, i)));
    f.f32.store(target, f32.load(target, lane).add(f32.load(at, 4 * i)), lane);
  }
}

/** Where no other window has these elements: each is written once, with the cotangent or with zero. */
function toFirstLargest(
  f: FunctionBuilder,
  taps: readonly Tap[],
  { from, to, at, selected }: Places & { readonly at: Int },
): void {
  const best = f.let(taps[0]?.load(from) ?? f32x4.splat(0));
  const wins = taps.slice(1).map(({ load }) => {
    const value = f.let(load(from));
    const more = f.let(isMore(value, best));
    best.set(selected(value, best, more));
    return more;
  });
  const open = f.let(v128.load(at));
  // The last that was more takes all, then nothing is left for those before it.
  for (let i = wins.length; i > 0; i--) {
    const more = wins[i - 1] as Vector;
    taps[i]?.store(to, v128.and(open, more));
    open.set(v128.andnot(open, more));
  }
  taps[0]?.store(to, open);
}
