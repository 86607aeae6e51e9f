/**
 * Threefry-2x32 with 20 rounds: a keyed bijection of 64-bit blocks, used as a counter-based random generator. Pure integer
 * arithmetic, so every machine and backend gives the same bits. Not a cipher: keep no secrets with it.
 *
 * The same bits as Random123's `threefry2x32` and as JAX's `threefry_2x32`.
 */

const PARITY = 0x1bd11bda;

/**
 * One block: `threefry2x32(key, counter)`, four 32-bit words in, two out (unsigned).
 * @source Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011), section 4.2
 * @example
 * import { threefry2x32 } from '@dendrite/random';
 * threefry2x32(0, 0, 0, 0); // [0x6b200159, 0x99ba4efe]
 */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const block = new Uint32Array(2);
  writeBlock(block, 0, key0, key1, counter0, counter1);
  return [block[0] as number, block[1] as number];
}

/**
 * Fills `out` with random words: element i is word `i & 1` of `threefry2x32(words, (i >>> 1, counter))`.
 * The form that every device's random bits have; `counter` is the step counter there and 0 on the host.
 * @complexity about 10 ns a word
 */
export function fillBits(out: Uint32Array | Int32Array, words: readonly [number, number], counter = 0): void {
  const [key0, key1] = words;
  const odd = out.length & 1;
  const even = out.length - odd;
  for (let i = 0; i < even; i += 2) writeBlock(out, i, key0, key1, i >>> 1, counter);
  // Nothing is worked out here: a compiler that comes while the loop runs has seen nothing behind it, and would be thrown out.
  if (odd) out[even] = threefry2x32(key0, key1, even >>> 1, counter)[0];
}

/** Writes the two words of a block at `out[at]` and `out[at + 1]`, allocating nothing. */
export function writeBlock(
  out: Uint32Array | Int32Array,
  at: number,
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): void {
  const key2 = key0 ^ key1 ^ PARITY;
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  // Five times: four rounds, then the next two key words and the number of the injection. Key words go round 0, 1, 2.
  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + key1) | 0;
  y = (y + key2 + 1) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + key2) | 0;
  y = (y + key0 + 2) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + key0) | 0;
  y = (y + key1 + 3) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + key1) | 0;
  y = (y + key2 + 4) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  out[at] = x + key2;
  out[at + 1] = y + key0 + 5;
}
