/** A fast stream of random words, one a tree: xoshiro128** seeded by a key. The same key gives the same stream everywhere. */
import type { HostKey } from '@dendrite/spec';
import { seedOf } from './seed-of.ts';

export interface Stream {
  /** A whole number from 0 to n − 1; off uniform by less than n / 2³². */
  below(n: number): number;
  /** In [0, 1), 32 bits. */
  uniform(): number;
  /** Begins again, from a seed. */
  start(seed: Uint32Array): Stream;
}

/** @source Blackman, Vigna: Scrambled linear pseudorandom number generators (ACM TOMS 2021) */
export function stream(key: HostKey): Stream {
  return seededStream(seedOf(key));
}
/** The stream of a seed. Who needs many starts one again and again: every new one would have to be compiled anew. */
export function seededStream(seed: Uint32Array): Stream {
  let [a, b, c, d] = [0, 0, 0, 1];
  const next = (): number => {
    const product = Math.imul(b, 5);
    const word = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return word >>> 0;
  };
  const made: Stream = {
    below: (n) => Math.floor((next() * n) / 2 ** 32),
    uniform: () => next() / 2 ** 32,
    start(from) {
      a = (from[0] as number) | 0;
      b = (from[1] as number) | 0;
      c = (from[2] as number) | 0;
      // All zero is the one state that never leaves itself.
      d = (from[3] as number) | 1;
      return made;
    },
  };
  return made.start(seed);
}
