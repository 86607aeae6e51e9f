/** Element-wise mathematics: rows of the expression table. Derivatives are the chain rule's where none is written. */
import { dy, row, type UnaryFunction, unary, x, y } from './expression-op.ts';
import { f } from './formula.ts';

/** Negative: `−x`. */
export const neg: UnaryFunction = /*#__PURE__*/ row(() => unary('core/neg', f.neg(x)));
/** Absolute value: `|x|`; derivative 0 at 0. */
export const abs: UnaryFunction = /*#__PURE__*/ row(() => unary('core/abs', f.abs(x)));
/** Sign: −1, 0 or 1; NaN stays NaN. */
export const sign: UnaryFunction = /*#__PURE__*/ row(() => unary('core/sign', f.sign(x), 'zero'));
/** Square root: `√x`; NaN below 0. */
export const sqrt: UnaryFunction = /*#__PURE__*/ row(() => unary('core/sqrt', f.sqrt(x), f.div(f.mul(0.5, dy), y)));
/** Reciprocal square root: `1 / √x`. */
export const rsqrt: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/rsqrt', f.div(1, f.sqrt(x)), f.mul(dy, f.div(f.mul(-0.5, y), x))),
);
/** Square: `x²`. */
export const square: UnaryFunction = /*#__PURE__*/ row(() => unary('core/square', f.square(x), f.mul(dy, f.mul(2, x))));
/** Reciprocal: `1 / x`. */
export const reciprocal: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/reciprocal', f.div(1, x), f.neg(f.mul(dy, f.square(y)))),
);
/** Exponential: `eˣ`. */
export const exp: UnaryFunction = /*#__PURE__*/ row(() => unary('core/exp', f.exp(x), f.mul(dy, y)));
/** `eˣ − 1`, exact near 0. */
export const expm1: UnaryFunction = /*#__PURE__*/ row(() => unary('core/expm1', f.expm1(x), f.mul(dy, f.add(y, 1))));
/** Natural logarithm: `ln x`; −∞ at 0, NaN below. */
export const log: UnaryFunction = /*#__PURE__*/ row(() => unary('core/log', f.log(x), f.div(dy, x)));
/** `ln(1 + x)`, exact near 0. */
export const log1p: UnaryFunction = /*#__PURE__*/ row(() => unary('core/log1p', f.log1p(x), f.div(dy, f.add(x, 1))));
/** Sine of radians. */
export const sin: UnaryFunction = /*#__PURE__*/ row(() => unary('core/sin', f.sin(x)));
/** Cosine of radians. */
export const cos: UnaryFunction = /*#__PURE__*/ row(() => unary('core/cos', f.cos(x)));
/** Tangent of radians. */
export const tan: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/tan', f.tan(x), f.mul(dy, f.add(f.square(y), 1))),
);
/** Inverse sine, in [−π/2, π/2]. */
export const asin: UnaryFunction = /*#__PURE__*/ row(() => unary('core/asin', f.asin(x)));
/** Inverse cosine, in [0, π]. */
export const acos: UnaryFunction = /*#__PURE__*/ row(() => unary('core/acos', f.acos(x)));
/** Inverse tangent, in (−π/2, π/2). */
export const atan: UnaryFunction = /*#__PURE__*/ row(() => unary('core/atan', f.atan(x)));
/** Hyperbolic sine. */
export const sinh: UnaryFunction = /*#__PURE__*/ row(() => unary('core/sinh', f.sinh(x)));
/** Hyperbolic cosine. */
export const cosh: UnaryFunction = /*#__PURE__*/ row(() => unary('core/cosh', f.cosh(x)));
/** Hyperbolic tangent. @gradient dx = dy · (1 − y²) */
export const tanh: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/tanh', f.tanh(x), f.mul(dy, f.sub(1, f.square(y)))),
);
/** Inverse hyperbolic sine. */
export const asinh: UnaryFunction = /*#__PURE__*/ row(() => unary('core/asinh', f.asinh(x)));
/** Inverse hyperbolic cosine; NaN below 1. */
export const acosh: UnaryFunction = /*#__PURE__*/ row(() => unary('core/acosh', f.acosh(x)));
/** Inverse hyperbolic tangent; NaN outside [−1, 1]. */
export const atanh: UnaryFunction = /*#__PURE__*/ row(() => unary('core/atanh', f.atanh(x)));
/** Error function: `2/√π ∫₀ˣ e^(−t²) dt`. */
export const erf: UnaryFunction = /*#__PURE__*/ row(() => unary('core/erf', f.erf(x)));
/** Largest whole number ≤ x. */
export const floor: UnaryFunction = /*#__PURE__*/ row(() => unary('core/floor', f.floor(x), 'zero'));
/** Smallest whole number ≥ x. */
export const ceil: UnaryFunction = /*#__PURE__*/ row(() => unary('core/ceil', f.ceil(x), 'zero'));
/** Nearest whole number; halves go to the even one. */
export const round: UnaryFunction = /*#__PURE__*/ row(() => unary('core/round', f.round(x), 'zero'));
