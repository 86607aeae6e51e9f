/** Random words and float64 numbers of a key: all are pure functions of (key, index). */
import { DendriteError, type HostKey } from '@dendrite/spec';
import { fillBits } from './threefry.ts';

/**
 * `n` random 32-bit words: element i is word `i & 1` of `threefry2x32(key, (i >>> 1, 0))`. A longer result begins with the
 * shorter one.
 * @throws OPTION  if `n` is not an integer from 0 to 2³² − 1
 */
export function randomBits(key: HostKey, n: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(checkCount('randomBits', 'the number of words', n));
  fillBits(out, key.words);
  return out;
}

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

/** `n`, if it is an integer in [0, most]. */
export function checkCount(name: string, what: string, n: number, most: number = 2 ** 32 - 1): number {
  if (!Number.isInteger(n) || n < 0 || n > most) {
    throw new DendriteError(
      'OPTION',
      `${name}(): ${what} must be an integer from 0 to ${most}, got ${String(n)}. Pass a whole number.`,
    );
  }
  return n;
}
