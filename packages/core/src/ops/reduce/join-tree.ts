/** How results of a reduction's blocks become one: what joins two, and the binary tree in which they are joined. */
import type { KernelConstants } from '@dendrite/spec';
import { type FunctionBuilder, f32, f32x4, type Value } from '@dendrite/wasm-assembler';
import { largerOf, smallerOf } from '@dendrite/wasm-assembler/elementary';

type Int = Value<'i32'>;
type Vector = Value<'v128'>;

export interface Joining {
  readonly identity: number;
  /** May use its operands twice: give registers. */
  vectors(a: Vector, b: Vector): Vector;
  floats(a: Value<'f32'>, b: Value<'f32'>): Value<'f32'>;
}
/** min and max give NaN where either operand is. */
const joinings: Readonly<Record<string, Joining>> = {
  sum: { identity: 0, vectors: (a, b) => f32x4.add(a, b), floats: (a, b) => f32.add(a, b) },
  max: { identity: Number.NEGATIVE_INFINITY, vectors: largerOf, floats: (a, b) => f32.max(a, b) },
  min: { identity: Number.POSITIVE_INFINITY, vectors: smallerOf, floats: (a, b) => f32.min(a, b) },
};
export const joiningOf = ({ kind }: KernelConstants): Joining => joinings[String(kind)] as Joining;

/** Joins neighbours until one is left: `to[i] = from[2i] + from[2i + 1]`; the last of an odd number (`b === a`) is moved. */
export function joinTree(f: FunctionBuilder, count: Int, pair: (a: Int, b: Int, to: Int) => void): void {
  const left = f.let(count);
  f.while(
    () => left.gt_s(1),
    () => {
      const half = f.let(left.shr_u(1));
      f.loop(0, half, (i) => {
        const a = f.let(i.shl(1));
        pair(a, f.let(a.add(1)), i);
      });
      f.if(left.and(1), () => {
        const last = f.let(left.sub(1));
        pair(last, last, half);
      });
      left.set(half.add(left.and(1)));
    },
  );
}
