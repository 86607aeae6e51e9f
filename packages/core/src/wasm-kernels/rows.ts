/**
 * Passes over rows of float32 along the last axis, for kernels whose unit of work is a row. How a row is taken apart, and so the
 * order of its sums, depends on its length alone.
 */
import {
  constant,
  type FunctionBuilder,
  f32,
  f32x4,
  f64,
  i32x4,
  type Local,
  select,
  type Value,
  v128,
} from '@dendrite/wasm-assembler';
import { storeLanes } from './store-lanes.ts';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

/** Elements of a block: within one, sums are chains in float32; blocks are added in float64. */
const block = 4096;
/** Chains side by side, so that no addition waits for the one before. */
const chains = 4;

/** What is done with four elements, or with the first `lanes` of them. `at` is their place in the row in bytes. */
export type RowBody = (at: Int, lanes: number, chain: number) => void;

export interface Rows {
  /** All elements in order, four chains in turn. */
  pass(body: RowBody): void;
  /** Sum of what `of` gives, as float64. */
  sum(of: (at: Int, lanes: number) => Vector): Local<'f64'>;
  /** Largest of what `of` gives; a NaN is passed over. */
  max(of: (at: Int) => Vector): Local<'f32'>;
  /** Stores what `of` gives. */
  store(to: Int, of: (at: Int) => Vector): void;
}

/** @param width  elements of a row, at run time  @param rest  what is left of them after whole vectors, baked in */
export function rowPasses(f: FunctionBuilder, width: Int, rest: number): Rows {
  const eachVector = (from: Int, to: Int, body: RowBody): void => {
    const whole = f.let(from.add(to.sub(from).and(-64)));
    f.loop(from, whole, 64, (at) => {
      for (let chain = 0; chain < chains; chain++) body(f.let(at.add(16 * chain)), 4, chain);
    });
    const end = f.let(from.add(to.sub(from).and(-16)));
    f.loop(whole, end, 16, (at) => body(at, 4, 0));
    if (rest > 0) f.if(end.lt_s(to), () => body(end, rest, 1));
  };
  const bytes = f.let(width.shl(2));
  const zero = f.let(constant('i32', 0));
  return {
    pass: (body) => eachVector(zero, bytes, body),
    sum(of) {
      const total = f.local('f64');
      f.loop(0, bytes, 4 * block, (start) => {
        const none = (): Local<'v128'> => f.let(f32x4.splat(0));
        const sums = [none(), none(), none(), none()] as const;
        const left = f.let(start.add(4 * block));
        const end = f.let(select(left.lt_s(bytes), left, bytes));
        eachVector(start, end, (at, lanes, chain) => {
          const sum = sums[chain] as Local<'v128'>;
          sum.set(f32x4.add(sum, masked(f, of(at, lanes), lanes)));
        });
        const [a, b, c, d] = sums;
        total.set(f64.add(total, f64.promote_f32(addLanes(f, f32x4.add(f32x4.add(a, b), f32x4.add(c, d))))));
      });
      return total;
    },
    max(of) {
      const low = f32x4.splat(Number.NEGATIVE_INFINITY);
      const lowest = (): Local<'v128'> => f.let(low);
      const tops = [lowest(), lowest(), lowest(), lowest()] as const;
      // pmax keeps its first operand where a comparison with NaN is false.
      eachVector(zero, bytes, (at, lanes, chain) => {
        const top = tops[chain] as Local<'v128'>;
        const value = lanes === 4 ? of(at) : v128.bitselect(of(at), f.hoist(low), f.hoist(maskOf(lanes)));
        top.set(f32x4.pmax(top, value));
      });
      const [a, b, c, d] = tops;
      const all = f.let(f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)));
      const lane = (i: number): Value<'f32'> => f32x4.extract_lane(all, i);
      return f.let(f32.max(f32.max(lane(0), lane(1)), f32.max(lane(2), lane(3))));
    },
    store: (to, of) => eachVector(zero, bytes, (at, lanes) => storeLanes(f, f.let(to.add(at)), f.let(of(at)), lanes)),
  };
}

const maskOf = (lanes: number): Vector => {
  let mask: Vector = i32x4.splat(0);
  for (let i = 0; i < lanes; i++) mask = i32x4.replace_lane(mask, -1, i);
  return mask;
};
/** Zero behind the first lanes. */
const masked = (f: FunctionBuilder, value: Vector, lanes: number): Vector =>
  lanes === 4 ? value : v128.and(value, f.hoist(maskOf(lanes)));

/** The sum of four lanes, pairwise. */
export function addLanes(f: FunctionBuilder, value: Vector): Value<'f32'> {
  const four = f.let(value);
  const lane = (i: number): Value<'f32'> => f32x4.extract_lane(four, i);
  return f32.add(f32.add(lane(0), lane(1)), f32.add(lane(2), lane(3)));
}
