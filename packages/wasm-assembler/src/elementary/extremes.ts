/**
 * The larger and the smaller of two vectors, NaN where either operand is, in three instructions: `f32x4.max` is nine on x64. pmax gives
 * its first operand where a comparison with NaN is false, so each order keeps the NaN of one operand, and their bits together both.
 */
import { f32x4, v128 } from '../value/namespaces.ts';
import type { Vector } from './site.ts';

/** `max(a, b)` lane by lane; of two zeros −0 where either is. Both operands are used twice: give registers. */
export const largerOf = (a: Vector, b: Vector): Vector => v128.or(f32x4.pmax(a, b), f32x4.pmax(b, a));
/** `min(a, b)` likewise. */
export const smallerOf = (a: Vector, b: Vector): Vector => v128.or(f32x4.pmin(a, b), f32x4.pmin(b, a));
