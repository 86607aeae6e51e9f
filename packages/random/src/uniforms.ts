/** Random float64 numbers of a key: pure functions of (key, index). */
import type { HostKey } from '@dendrite/spec';
import { checkCount, randomBits } from './random-bits.ts';

/**
 * `n` numbers in [0, 1), each with 53 random bits: `(w₀ >> 5) · 2⁻²⁷ + (w₁ >> 6) · 2⁻⁵³` of the words `2i` and `2i + 1`.
 * @throws OPTION  if `n` is not an integer from 0 to 2³¹ − 1
 */
export function uniforms(key: HostKey, n: number): Float64Array<ArrayBuffer> {
  const count = checkCount('uniforms', 'the number of values', n, 2 ** 31 - 1);
  const bits = randomBits(key, 2 * count);
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    out[i] = ((bits[2 * i] as number) >>> 5) * 2 ** -27 + ((bits[2 * i + 1] as number) >>> 6) * 2 ** -53;
  }
  return out;
}

/**
 * `n` numbers of the standard normal distribution, two from each two uniform numbers:
 * `√(−2 ln(1 − u)) · (cos 2πv, sin 2πv)`.
 * @numerics  the bits are the same everywhere, log, cos and sin agree across JavaScript engines to about 1e-15; |x| ≤ 8.6
 * @source Box, Muller: A note on the generation of random normal deviates (1958)
 */
export function normals(key: HostKey, n: number): Float64Array<ArrayBuffer> {
  const count = checkCount('normals', 'the number of values', n, 2 ** 31 - 2);
  const u = uniforms(key, count + (count & 1));
  const out = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - (u[i] as number)));
    const angle = 2 * Math.PI * (u[i + 1] as number);
    out[i] = radius * Math.cos(angle);
    if (i + 1 < count) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}
