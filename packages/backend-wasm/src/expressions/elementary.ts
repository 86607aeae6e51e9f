/**
 * exp, log and tanh of four float32 at once, in polynomials of our own: the same bits on every machine.
 * @source  Moshier's Cephes library (1989) for the coefficients and the ranges
 */
import { type FunctionBuilder, f32x4, i32x4, type Local, type Value, v128 } from '@dendrite/wasm-assembler';

export type Vector = Value<'v128'>;
/** What a formula is written with: the function, and its constants, which are made once before the loop. */
export interface Site {
  readonly f: FunctionBuilder;
  /** Four times this float32. */
  float(value: number): Vector;
  /** Four times this int32. */
  whole(value: number): Vector;
}

/** `c₀ xⁿ + c₁ xⁿ⁻¹ + …`: each step rounded. */
function polynomial({ f, float }: Site, x: Vector, coefficients: readonly number[]): Local<'v128'> {
  const [first = 0, ...rest] = coefficients;
  const sum = f.let(float(first));
  for (const each of rest) sum.set(f32x4.add(f32x4.mul(sum, x), float(each)));
  return sum;
}

/** Added and taken off again, rounds to a whole number; its lower bits then hold that number. */
const magic = 12582912;

/** eˣ within 2 units in the last place; ∞ above 88.72, 0 below −103.97. */
export function exp(site: Site, given: Vector): Vector {
  const { f, float, whole } = site;
  // The order of operands keeps a NaN: pmin and pmax give their first where a comparison is false.
  const x = f.let(f32x4.pmax(f32x4.pmin(given, float(89)), float(-105)));
  const shifted = f.let(f32x4.add(f32x4.mul(x, float(Math.LOG2E)), float(magic)));
  const n = f.let(f32x4.sub(shifted, float(magic)));
  // ln 2 in two parts, the first with few bits: n times it is exact.
  x.set(f32x4.sub(f32x4.sub(x, f32x4.mul(n, float(0.693359375))), f32x4.mul(n, float(-2.1219444e-4))));
  const p = polynomial(
    site,
    x,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1],
  );
  p.set(f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, x), x), x), float(1)));
  // 2ⁿ in two factors, for n may lie outside the exponents of float32.
  const power = f.let(i32x4.sub(shifted, whole(0x4b400000)));
  const half = f.let(i32x4.shr_s(power, 1));
  const scale = (exponent: Vector): Vector => i32x4.shl(i32x4.add(exponent, whole(127)), 23);
  return f.let(f32x4.mul(f32x4.mul(p, scale(half)), scale(i32x4.sub(power, half))));
}

/** ln x within 2 units in the last place; −∞ at 0, NaN below. */
export function log(site: Site, given: Vector): Vector {
  const { f, float, whole } = site;
  // Denormal numbers are scaled into the normal range first.
  const tiny = f.let(f32x4.lt(given, float(1.1754943508222875e-38)));
  const bits = f.let(v128.bitselect(f32x4.mul(given, float(8388608)), given, tiny));
  const offset = f.let(v128.bitselect(whole(126 + 23), whole(126), tiny));
  const e = f.let(f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(bits, 23), offset)));
  // Mantissa in [1/2, 1), moved to [√½, √2).
  const m = f.let(v128.or(v128.and(bits, whole(0x007fffff)), whole(0x3f000000)));
  const low = f.let(f32x4.lt(m, float(Math.SQRT1_2)));
  e.set(f32x4.sub(e, v128.and(low, float(1))));
  const x = f.let(f32x4.sub(f32x4.add(m, v128.and(low, m)), float(1)));
  const square = f.let(f32x4.mul(x, x));
  const p = polynomial(
    site,
    x,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
      2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  p.set(f32x4.mul(f32x4.mul(p, x), square));
  p.set(f32x4.add(p, f32x4.mul(e, float(-2.1219444e-4))));
  p.set(f32x4.sub(p, f32x4.mul(square, float(0.5))));
  p.set(f32x4.add(f32x4.add(x, p), f32x4.mul(e, float(0.693359375))));
  const infinity = float(Number.POSITIVE_INFINITY);
  p.set(v128.bitselect(given, p, f32x4.eq(given, infinity)));
  p.set(v128.bitselect(f32x4.neg(infinity), p, f32x4.eq(given, float(0))));
  // Below 0, and NaN itself: not (x ≥ 0).
  return f.let(v128.bitselect(p, float(Number.NaN), f32x4.ge(given, float(0))));
}

/**
 * tanh x within 5 units in the last place, as `x · P(x²) / Q(x²)`; ±1 from 9 on.
 * @source  Eigen's fit of numerator and denominator on [−9, 9]
 */
export function tanh(site: Site, given: Vector): Vector {
  const { f, float } = site;
  const x = f.let(f32x4.pmax(f32x4.pmin(given, float(9)), float(-9)));
  const square = f.let(f32x4.mul(x, x));
  const above = polynomial(
    site,
    square,
    [
      -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8, 1.48572235717979e-5,
      6.37261928875436e-4, 4.89352455891786e-3,
    ],
  );
  const below = polynomial(
    site,
    square,
    [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3],
  );
  return f.let(f32x4.div(f32x4.mul(above, x), below));
}
