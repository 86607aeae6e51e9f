/** Random words of a key: a pure function of (key, index). */
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
