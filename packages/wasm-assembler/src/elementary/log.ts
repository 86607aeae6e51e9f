/** ln x and ln(1 + x) of four float32. */
import { f32x4, i32x4, v128 } from '../value/namespaces.ts';
import { float, multiplyAdd, polynomial, type Site, subtractProduct, type Vector, whole } from './site.ts';

/**
 * ln x within 2 units in the last place; −∞ at 0, NaN below.
 * @source  Moshier's Cephes library (1989): range and coefficients
 */
export function log(site: Site, given: Vector): Vector {
  const { f } = site;
  // Denormal numbers are scaled into the normal range first.
  const tiny = f.let(f32x4.lt(given, float(site, 1.1754943508222875e-38)));
  const bits = f.let(v128.bitselect(f32x4.mul(given, float(site, 8388608)), given, tiny));
  const offset = f.let(v128.bitselect(whole(site, 126 + 23), whole(site, 126), tiny));
  const e = f.let(f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(bits, 23), offset)));
  // Mantissa in [1/2, 1), moved to [√½, √2).
  const m = f.let(v128.or(v128.and(bits, whole(site, 0x007fffff)), whole(site, 0x3f000000)));
  const low = f.let(f32x4.lt(m, float(site, Math.SQRT1_2)));
  e.set(f32x4.sub(e, v128.and(low, float(site, 1))));
  const x = f.let(f32x4.sub(f32x4.add(m, v128.and(low, m)), float(site, 1)));
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
  p.set(multiplyAdd(site, e, float(site, -2.1219444e-4), p));
  p.set(subtractProduct(site, p, square, float(site, 0.5)));
  p.set(multiplyAdd(site, e, float(site, 0.693359375), f32x4.add(x, p)));
  const infinity = float(site, Number.POSITIVE_INFINITY);
  p.set(v128.bitselect(given, p, f32x4.eq(given, infinity)));
  p.set(v128.bitselect(float(site, Number.NEGATIVE_INFINITY), p, f32x4.eq(given, float(site, 0))));
  // Below 0, and NaN itself: not (x ≥ 0).
  return f.let(v128.bitselect(p, float(site, Number.NaN), f32x4.ge(given, float(site, 0))));
}

/**
 * ln(1 + x) within 3 units in the last place, also near 0; −∞ at −1, NaN below.
 * With u = 1 + x rounded, ln u + (x − (u − 1)) / u: what the rounding lost comes back to first order.
 * @source  Kahan's HP-15C handbook (1982)
 */
export function log1p(site: Site, x: Vector): Vector {
  const { f } = site;
  const u = f.let(f32x4.add(x, float(site, 1)));
  const lost = f.let(f32x4.div(f32x4.sub(x, f32x4.sub(u, float(site, 1))), u));
  const logarithm = log(site, u);
  // At −1 and at ∞ nothing is lost, and the quotient is no number.
  const end = v128.or(f32x4.eq(u, float(site, 0)), f32x4.eq(u, float(site, Number.POSITIVE_INFINITY)));
  const sum = f.let(f32x4.add(logarithm, v128.andnot(lost, end)));
  // A zero keeps its sign.
  return f.let(v128.bitselect(x, sum, f32x4.eq(x, float(site, 0))));
}
