/**
 * Activations: rows of the expression table. NaN is never swallowed: each keeps it. Defaults and values are those of the
 * usual definitions (and of PyTorch, whose values the tests compare with).
 */
import type { Expression, Shape, Tensor } from '@dendrite/spec';
import { positive } from '../option.ts';
import { dy, row, type UnaryFunction, unary, unaryWithNumbers, x, y } from './expression-op.ts';
import { argument, f, where } from './formula.ts';

const sigmoidOf = (z: Expression): Expression => f.div(1, f.add(1, f.exp(f.neg(z))));
/** ln(1 + eᶻ) without overflow: max(z, 0) + ln(1 + e^(−|z|)). */
const softplusOf = (z: Expression): Expression => f.add(f.max(z, 0), f.log1p(f.exp(f.neg(f.abs(z)))));

/** Rectifier: `max(x, 0)`; derivative 0 at 0. @source Nair and Hinton (2010) */
export const relu: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/relu', where(f.lt(x, 0), 0, x), where(f.lt(0, y), dy, 0)),
);
/** Logistic function: `1 / (1 + e⁻ˣ)`. */
export const sigmoid: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/sigmoid', sigmoidOf(x), f.mul(dy, f.mul(y, f.sub(1, y)))),
);
/** `ln(1 + eˣ)`: a smooth rectifier. */
export const softplus: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/softplus', softplusOf(x), f.mul(dy, sigmoidOf(x))),
);
/** `x / (1 + |x|)`. */
export const softsign: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/softsign', f.div(x, f.add(1, f.abs(x))), f.div(dy, f.square(f.add(1, f.abs(x))))),
);
/** `ln σ(x)` without overflow. */
export const logSigmoid: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/log-sigmoid', f.neg(softplusOf(f.neg(x))), f.mul(dy, sigmoidOf(f.neg(x)))),
);
/** Sigmoid linear unit (swish): `x · σ(x)`. @source Elfwing et al. (2017) */
export const silu: UnaryFunction = /*#__PURE__*/ row(() =>
  unary(
    'core/silu',
    f.mul(x, sigmoidOf(x)),
    f.mul(dy, f.mul(sigmoidOf(x), f.add(1, f.mul(x, f.sub(1, sigmoidOf(x)))))),
  ),
);
/** `x · tanh(ln(1 + eˣ))`. @source Misra (2019) */
export const mish: UnaryFunction = /*#__PURE__*/ row(() =>
  unary(
    'core/mish',
    f.mul(x, f.tanh(softplusOf(x))),
    f.mul(dy, f.add(f.tanh(softplusOf(x)), f.mul(f.mul(x, sigmoidOf(x)), f.sub(1, f.square(f.tanh(softplusOf(x))))))),
  ),
);
const normalCdf = (): Expression => f.mul(0.5, f.add(1, f.erf(f.mul(x, Math.SQRT1_2))));
/** Gaussian error linear unit: `x · Φ(x)`. @source Hendrycks and Gimpel (2016) */
export const gelu: UnaryFunction = /*#__PURE__*/ row(() =>
  unary(
    'core/gelu',
    f.mul(x, normalCdf()),
    f.mul(dy, f.add(normalCdf(), f.mul(f.mul(x, 1 / Math.sqrt(2 * Math.PI)), f.exp(f.mul(-0.5, f.square(x)))))),
  ),
);
/** Gaussian error linear unit by tanh: `x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³)))`. */
export const geluTanh: UnaryFunction = /*#__PURE__*/ row(() =>
  unary(
    'core/gelu-tanh',
    f.mul(
      f.mul(0.5, x),
      f.add(1, f.tanh(f.mul(Math.sqrt(2 / Math.PI), f.add(x, f.mul(0.044715, f.mul(x, f.square(x))))))),
    ),
  ),
);
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;
/** Self-normalising unit: `λ x` above 0, `λ α (eˣ − 1)` below. @source Klambauer et al. (2017) */
export const selu: UnaryFunction = /*#__PURE__*/ row(() =>
  unary(
    'core/selu',
    f.mul(seluScale, where(f.lt(0, x), x, f.mul(seluAlpha, f.expm1(f.min(x, 0))))),
    f.mul(dy, where(f.lt(0, x), seluScale, f.mul(seluScale * seluAlpha, f.exp(f.min(x, 0))))),
  ),
);
/** `min(max(x, −1), 1)`. */
export const hardTanh: UnaryFunction = /*#__PURE__*/ row(() =>
  unary(
    'core/hard-tanh',
    where(f.lt(x, -1), -1, where(f.lt(1, x), 1, x)),
    where(f.and(f.lt(-1, x), f.lt(x, 1)), dy, 0),
  ),
);
/** `min(max(x/6 + 1/2, 0), 1)`. */
export const hardSigmoid: UnaryFunction = /*#__PURE__*/ row(() =>
  unary(
    'core/hard-sigmoid',
    where(f.le(x, -3), 0, where(f.le(3, x), 1, f.add(f.div(x, 6), 0.5))),
    where(f.and(f.lt(-3, x), f.lt(x, 3)), f.div(dy, 6), 0),
  ),
);
/** `x · min(max(x/6 + 1/2, 0), 1)`. */
export const hardSwish: UnaryFunction = /*#__PURE__*/ row(() =>
  unary(
    'core/hard-swish',
    where(f.le(x, -3), 0, where(f.le(3, x), x, f.div(f.mul(x, f.add(x, 3)), 6))),
    where(f.le(x, -3), 0, where(f.le(3, x), dy, f.mul(dy, f.add(f.div(x, 3), 0.5)))),
  ),
);
/** `min(max(x, 0), 6)`. */
export const relu6: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/relu6', where(f.lt(x, 0), 0, where(f.lt(6, x), 6, x)), where(f.and(f.lt(0, x), f.lt(x, 6)), dy, 0)),
);
/** `x − tanh x`. */
export const tanhShrink: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/tanh-shrink', f.sub(x, f.tanh(x)), f.mul(dy, f.square(f.tanh(x)))),
);
/** Heaviside's step: 1 above 0, else 0; the perceptron's activation, with derivative 0. */
export const step: UnaryFunction = /*#__PURE__*/ row(() =>
  unary('core/step', where(f.isNaN(x), x, where(f.lt(0, x), 1, 0)), 'zero'),
);

const leaky = /*#__PURE__*/ row(() => unaryWithNumbers('core/leaky-relu', where(f.lt(0, x), x, f.mul(argument(0), x))));
/** `x` above 0, `slope · x` below. @param options.slope  default 0.01 */
export const leakyRelu = <S extends Shape>(
  x: Tensor<S>,
  { slope = 0.01 }: { readonly slope?: number } = {},
): Tensor<S> => leaky(x, [slope]);

const exponentialLinear = /*#__PURE__*/ row(() =>
  unaryWithNumbers(
    'core/elu',
    where(f.lt(0, x), x, f.mul(argument(0), f.expm1(f.min(x, 0)))),
    where(f.lt(0, x), dy, f.mul(dy, f.mul(argument(0), f.exp(f.min(x, 0))))),
  ),
);
/** Exponential linear unit: `x` above 0, `α (eˣ − 1)` below. @param options.alpha  default 1 @source Clevert et al. (2015) */
export const elu = <S extends Shape>(x: Tensor<S>, { alpha = 1 }: { readonly alpha?: number } = {}): Tensor<S> =>
  exponentialLinear(x, [alpha]);

const continuouslyLinear = /*#__PURE__*/ row(() =>
  unaryWithNumbers(
    'core/celu',
    where(f.lt(0, x), x, f.mul(argument(0), f.expm1(f.div(f.min(x, 0), argument(0))))),
    where(f.lt(0, x), dy, f.mul(dy, f.exp(f.div(f.min(x, 0), argument(0))))),
  ),
);
/** `x` above 0, `α (e^(x/α) − 1)` below. @param options.alpha  > 0, default 1 @source Barron (2017) */
export const celu = <S extends Shape>(x: Tensor<S>, { alpha = 1 }: { readonly alpha?: number } = {}): Tensor<S> =>
  continuouslyLinear(x, [positive('celu', 'alpha', alpha)]);
