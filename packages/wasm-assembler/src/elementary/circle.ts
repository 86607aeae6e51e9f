/** sin and cos of four float32. */
import { f32x4, i32x4, v128 } from '../value/namespaces.ts';
import { float, multiplyAdd, polynomial, type Site, subtractProduct, type Vector, whole } from './site.ts';

const magic = 12582912;
/** Beyond this the reduction to one quarter loses too many bits: another way must be taken, lane by lane. */
export const circleEnd = 8192;

/**
 * sin x or cos x for |x| ≤ 8192, within 2e-7; what it gives beyond is of no use.
 * @source  Moshier's Cephes library (1989): coefficients, and π/2 in three parts
 */
export function circle(site: Site, x: Vector, which: 'sin' | 'cos'): Vector {
  const { f } = site;
  const bits = f.let(multiplyAdd(site, x, float(site, 2 / Math.PI), float(site, magic)));
  const n = f.let(f32x4.sub(bits, float(site, magic)));
  const r = f.let(subtractProduct(site, x, n, float(site, 1.5703125)));
  r.set(subtractProduct(site, r, n, float(site, 4.837512969970703e-4)));
  r.set(subtractProduct(site, r, n, float(site, 7.549789954891882e-8)));
  const square = f.let(f32x4.mul(r, r));
  const s = polynomial(site, square, [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);
  s.set(multiplyAdd(site, f32x4.mul(s, square), r, r));
  const c = polynomial(site, square, [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2, -0.5, 1]);
  // The quarter of the circle: odd ones exchange sine and cosine, the second half has the other sign.
  const quarter = which === 'sin' ? bits : f.let(i32x4.add(bits, whole(site, 1)));
  const odd = i32x4.ne(v128.and(quarter, whole(site, 1)), whole(site, 0));
  const sign = i32x4.shl(v128.and(quarter, whole(site, 2)), 30);
  const made = v128.xor(v128.bitselect(c, s, odd), sign);
  // −0 is its own sine.
  return f.let(which === 'sin' ? v128.bitselect(x, made, f32x4.eq(x, float(site, 0))) : made);
}
