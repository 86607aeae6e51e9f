/** eˣ, also of what is not above 0, and eˣ − 1 of four float32. */
import { f32x4, i32x4, v128 } from '../value/namespaces.ts';
import { float, multiplyAdd, polynomial, type Site, subtractProduct, type Vector } from './site.ts';

/** Added and taken off again, rounds to a whole number; its lower bits then hold that number. */
const magic = 12582912;
/** (eʳ − 1 − r) / r² on [−½ ln 2, ½ ln 2]. */
const tail = [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1];

/** `x = n · ln 2 + r`. `bits`: a vector whose lower bits hold n + bias. */
function reduce(site: Site, x: Vector, bias: number): { readonly bits: Vector; readonly r: Vector } {
  const { f } = site;
  const bits = f.let(multiplyAdd(site, x, float(site, Math.LOG2E), float(site, magic + bias)));
  const n = f.let(f32x4.sub(bits, float(site, magic + bias)));
  // ln 2 in two parts, the first with few bits: n times it is exact.
  const r = f.let(subtractProduct(site, x, n, float(site, 0.693359375)));
  r.set(subtractProduct(site, r, n, float(site, -2.1219444e-4)));
  return { bits, r };
}

/**
 * eˣ within 2 units in the last place; ∞ above 88.72, 0 below −103.97, NaN of NaN.
 * @source  Moshier's Cephes library (1989): range and coefficients
 */
export function exp(site: Site, given: Vector): Vector {
  const { f } = site;
  // The order of operands keeps a NaN: pmin and pmax give their first where a comparison is false.
  const x = f.let(f32x4.pmax(f32x4.pmin(given, float(site, 89)), float(site, -105)));
  // 2ⁿ in two factors, for n may lie outside the exponents of float32. Both factors' bias is in the bits already, and shifted up
  // to the exponent only their lower bits are left.
  const { bits, r } = reduce(site, x, 2 * 127);
  const p = polynomial(site, r, [...tail, 1, 1]);
  const half = f.let(i32x4.shr_s(bits, 1));
  return f.let(f32x4.mul(f32x4.mul(p, i32x4.shl(half, 23)), i32x4.shl(i32x4.sub(bits, half), 23)));
}

/**
 * eˣ of what is not above 0, as softmax has it, in three quarters of the instructions: 0 below −87, where eˣ is under 1.7e-38, NaN of NaN.
 * @source  as `exp`; 2ⁿ is one factor here
 */
export function expBelowOne(site: Site, x: Vector): Vector {
  const { f } = site;
  const given = f.let(x);
  const { bits, r } = reduce(site, given, 127);
  const p = polynomial(site, r, [...tail, 1, 1]);
  return f.let(v128.andnot(f32x4.mul(p, i32x4.shl(bits, 23)), f32x4.lt(given, float(site, -87))));
}

/**
 * eˣ − 1 within 3 units in the last place, also near 0; ∞ above 88.72, −1 far below 0.
 * @source  as `exp`: 2ⁿ (eʳ − 1) + (2ⁿ − 1), no difference of which cancels
 */
export function expm1(site: Site, given: Vector): Vector {
  const { f } = site;
  const x = f.let(f32x4.pmax(f32x4.pmin(given, float(site, 89)), float(site, -18)));
  // Half of 2ⁿ: at 88.7 the whole is no float32.
  const { bits, r } = reduce(site, x, 127 - 1);
  const p = polynomial(site, r, tail);
  p.set(multiplyAdd(site, p, f.let(f32x4.mul(r, r)), r));
  const half = f.let(i32x4.shl(bits, 23));
  const sum = f.let(multiplyAdd(site, p, half, f32x4.sub(half, float(site, 0.5))));
  // Its sign is x's: −0 stays −0.
  return f.let(v128.or(f32x4.add(sum, sum), v128.and(given, float(site, -0))));
}
