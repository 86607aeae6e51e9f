/** Host keys: two 32-bit words that name a stream of random numbers. Plain values; no runtime, no state, no order of calls. */
import { DendriteError, type HostKey } from '@dendrite/spec';
import { forkWords } from './fork-words.ts';

/**
 * The key of a seed: words `(⌊seed / 2³²⌋, seed mod 2³²)`, as in JAX.
 * @param seed  Integer from 0 to 2⁵³ − 1
 * @throws OPTION  if `seed` is anything else
 * @example
 * import { hostKey, permutation } from '@dendrite/random';
 * permutation(hostKey(7).fork('shuffle'), 5); // the same five numbers in the same order, everywhere
 */
export function hostKey(seed: number): HostKey {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new DendriteError(
      'OPTION',
      `hostKey(): the seed must be an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${String(seed)}. Use a whole number such as 42, or fork a key by a name.`,
    );
  }
  return keyFromWords([Math.floor(seed / 2 ** 32), seed >>> 0]);
}

/** The key of these two words (taken modulo 2³²). */
export function keyFromWords(words: readonly [number, number]): HostKey {
  const own: readonly [number, number] = Object.freeze<[number, number]>([words[0] >>> 0, words[1] >>> 0]);
  return Object.freeze<HostKey>({
    '~dendrite': 'host-key',
    words: own,
    fork: (label) => keyFromWords(forkWords(own, label)),
  });
}
