/** Whole numbers below a bound, without bias: draws with replacement, permutations, draws without replacement. */
import { DendriteError, type HostKey } from '@dendrite/spec';
import { checkCount } from './random-bits.ts';
import { writeBlock } from './threefry.ts';

/**
 * A random order of `0 … n − 1`; each of the n! orders is equally likely (as far as 64 bits of key can tell).
 * @throws OPTION  if `n` is not an integer from 0 to 2³² − 1
 * @complexity  n draws, about 25 ns each
 * @source Fisher, Yates (1938), in Durstenfeld's form
 */
export function permutation(key: HostKey, n: number): Uint32Array<ArrayBuffer> {
  checkCount('permutation', 'the length', n);
  return shuffledStart(key, n, n);
}

/**
 * `count` different numbers of `0 … n − 1` in random order: the beginning of `permutation(key, n)`.
 * @throws OPTION  if `n` or `count` is not a whole number, or `count > n`
 */
export function choice(key: HostKey, n: number, count: number): Uint32Array<ArrayBuffer> {
  checkCount('choice', 'the number to choose from', n);
  checkCount('choice', `the count (from ${n}, without replacement)`, count, n);
  return shuffledStart(key, n, count).slice(0, count);
}

/**
 * `count` numbers of `0 … bound − 1`, each as likely as the others, with replacement (a bootstrap sample).
 * @throws OPTION  if `count` or `bound` is not a whole number, or `bound` is 0
 */
export function integers(key: HostKey, count: number, bound: number): Uint32Array<ArrayBuffer> {
  checkCount('integers', 'the count', count);
  checkCount('integers', 'the bound', bound, 2 ** 32);
  if (bound === 0) {
    throw new DendriteError(
      'OPTION',
      'integers(): the bound must be at least 1, got 0. There is no integer in [0, 0).',
    );
  }
  const below = integersBelow(key);
  return new Uint32Array(count).map(() => below(bound));
}

/** The first `count` steps of the shuffle of `0 … n − 1`; the rest is what is left. */
function shuffledStart(key: HostKey, n: number, count: number): Uint32Array<ArrayBuffer> {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const below = integersBelow(key);
  // Invariant: order[0 … i) is drawn, order[i … n) is what is left to draw from.
  for (let i = 0; i < count; i++) {
    const j = i + below(n - i);
    const drawn = order[j] as number;
    order[j] = order[i] as number;
    order[i] = drawn;
  }
  return order;
}

/** Reads the key's words in order; a word at or above the largest multiple of the bound is thrown away, so none is favoured. */
function integersBelow(key: HostKey): (bound: number) => number {
  const [key0, key1] = key.words;
  const block = new Uint32Array(2);
  let block0 = 0;
  let block1 = 0;
  let next = 2;
  return (bound) => {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      if (next === 2) {
        writeBlock(block, 0, key0, key1, block0, block1);
        block0 = (block0 + 1) % 2 ** 31;
        if (block0 === 0) block1++;
        next = 0;
      }
      const word = block[next++] as number;
      if (word < limit) return word % bound;
    }
  };
}
