/** Comparisons and logic: bool results, constants to every gradient. */
import { x as a, type BinaryFunction, y as b, binary, row, type UnaryFunction, unary } from './expression-op.ts';
import { f } from './formula.ts';

/** `a < b`; false where either is NaN. */
export const less: BinaryFunction = /*#__PURE__*/ row(() => binary('core/less', f.lt(a, b), 'zero'));
/** `a ≤ b`; false where either is NaN. */
export const lessEqual: BinaryFunction = /*#__PURE__*/ row(() => binary('core/less-equal', f.le(a, b), 'zero'));
/** `a > b`; false where either is NaN. */
export const greater: BinaryFunction = /*#__PURE__*/ row(() => binary('core/greater', f.lt(b, a), 'zero'));
/** `a ≥ b`; false where either is NaN. */
export const greaterEqual: BinaryFunction = /*#__PURE__*/ row(() => binary('core/greater-equal', f.le(b, a), 'zero'));
/** `a = b`; NaN equals nothing. */
export const equal: BinaryFunction = /*#__PURE__*/ row(() => binary('core/equal', f.eq(a, b), 'zero'));
/** `a ≠ b`; true where either is NaN. */
export const notEqual: BinaryFunction = /*#__PURE__*/ row(() => binary('core/not-equal', f.not(f.eq(a, b)), 'zero'));
/** Both: of bools. */
export const logicalAnd: BinaryFunction = /*#__PURE__*/ row(() => binary('core/logical-and', f.and(a, b), 'zero'));
/** Either: of bools. */
export const logicalOr: BinaryFunction = /*#__PURE__*/ row(() => binary('core/logical-or', f.or(a, b), 'zero'));
/** Not: of a bool. */
export const logicalNot: UnaryFunction = /*#__PURE__*/ row(() => unary('core/logical-not', f.not(a), 'zero'));
/** Where `x` is not a number. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the field's name; exported, not used here
export const isNaN: UnaryFunction = /*#__PURE__*/ row(() => unary('core/is-nan', f.isNaN(a), 'zero'));
/** Where `x` is neither infinite nor NaN. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: as isNaN
export const isFinite: UnaryFunction = /*#__PURE__*/ row(() => unary('core/is-finite', f.isFinite(a), 'zero'));
