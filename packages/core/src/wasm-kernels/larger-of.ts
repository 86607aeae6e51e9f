/** The larger of two vectors at the price of three instructions; `f32x4.max` is nine on x64. */
import { f32x4, type Value, v128 } from '@dendrite/wasm-assembler';

/**
 * `max(a, b)` lane by lane: NaN where either is, −0 where the two are zeros of both signs. Each order of pmax loses the NaN of one
 * operand; together, bit by bit, they lose none. Both operands are used twice: give registers.
 */
export const largerOf = (a: Value<'v128'>, b: Value<'v128'>): Value<'v128'> =>
  v128.or(f32x4.pmax(a, b), f32x4.pmax(b, a));
