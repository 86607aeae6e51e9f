/** Arithmetic with broadcasting: rows of the expression table. */

import type { BinaryFunction } from './expression-op.ts';
import { x as a, y as b, binary, row } from './expression-op.ts';
import { f, input } from './formula.ts';

// In a binary row input 2 is the value and input 3 its cotangent.
const value = input(2);
const cotangent = input(3);

/** Sum: `a + b`. A number takes the tensor's dtype. @throws SHAPE, DTYPE */
export const add: BinaryFunction = /*#__PURE__*/ row(() => binary('core/add', f.add(a, b)));
/** Difference: `a − b`. @throws SHAPE, DTYPE */
export const sub: BinaryFunction = /*#__PURE__*/ row(() => binary('core/sub', f.sub(a, b)));
/** Product: `a · b`. @throws SHAPE, DTYPE */
export const mul: BinaryFunction = /*#__PURE__*/ row(() => binary('core/mul', f.mul(a, b)));
/** Quotient: `a / b`, floats only. @gradient da = dy / b, db = −dy · y / b @throws SHAPE, DTYPE */
export const div: BinaryFunction = /*#__PURE__*/ row(() =>
  binary('core/div', f.div(a, b), [f.div(cotangent, b), f.neg(f.div(f.mul(cotangent, value), b))]),
);
/** Power: `aᵇ`, floats only; NaN for a negative base with a broken exponent. The gradient for `b` is 0 at `a = 0`. @throws SHAPE, DTYPE */
export const pow: BinaryFunction = /*#__PURE__*/ row(() => binary('core/pow', f.pow(a, b)));
/** Remainder with the divisor's sign: `a − b · ⌊a / b⌋`. @throws SHAPE, DTYPE */
export const mod: BinaryFunction = /*#__PURE__*/ row(() => binary('core/mod', f.mod(a, b)));
/** Angle of the point (b, a): `atan2(a, b)` in (−π, π]. @throws SHAPE, DTYPE */
export const atan2: BinaryFunction = /*#__PURE__*/ row(() => binary('core/atan2', f.atan2(a, b)));
/** Smaller of two: NaN if either is. At a tie each side has half the gradient. @throws SHAPE, DTYPE */
export const minimum: BinaryFunction = /*#__PURE__*/ row(() => binary('core/minimum', f.min(a, b)));
/** Larger of two: NaN if either is. At a tie each side has half the gradient. @throws SHAPE, DTYPE */
export const maximum: BinaryFunction = /*#__PURE__*/ row(() => binary('core/maximum', f.max(a, b)));
