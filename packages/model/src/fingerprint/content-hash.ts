/**
 * A hash of an array's bytes: 128 bits in hex, the same on every machine. It tells that data have changed, not that somebody has
 * forged them. And it is at hand at once: WebCrypto has first to be loaded, which takes longer than a short training.
 *
 * Four words of state take in four words of data at a time, each by a step that can be undone, `(a ^ word) · odd`, turned, plus
 * the next word of state. So one change among equal data always shows, and several do but for one chance in 2¹²⁸ or so. The end
 * is that of MurmurHash3.
 * @source Appleby: MurmurHash3 (2011); the factors are those of Collet: xxHash (2012)
 */

/** @param seed  hashes of other seeds are others */
export function contentHash(bytes: Uint8Array, seed = 0): string {
  // Words are read where they lie; bytes that do not lie on a word's boundary are copied first.
  const placed = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const blocks = placed.length >> 4;
  const whole = new Int32Array(placed.buffer, placed.byteOffset, 4 * blocks);
  // What is left, filled up with zeros: the length tells it from longer ones.
  const rest = new Uint8Array(16);
  rest.set(placed.subarray(16 * blocks));
  const state = new Int32Array(4).fill(placed.length ^ Math.imul(seed, 0x9e3779b1));
  takeIn(state, whole);
  takeIn(state, new Int32Array(rest.buffer));
  mix(state);
  for (let i = 0; i < 4; i++) state[i] = finished(state[i] as number);
  mix(state);
  return Array.from(new Uint32Array(state.buffer), (word) => word.toString(16).padStart(8, '0')).join('');
}

/** Written out, without calls: it runs once over all data, mostly before the compiler has seen it. */
function takeIn(state: Int32Array, words: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let i = 0; i < words.length; i += 4) {
    a = Math.imul(a ^ (words[i] as number), 0x9e3779b1);
    a = (((a << 13) | (a >>> 19)) + b) | 0;
    b = Math.imul(b ^ (words[i + 1] as number), 0x85ebca77);
    b = (((b << 13) | (b >>> 19)) + c) | 0;
    c = Math.imul(c ^ (words[i + 2] as number), 0xc2b2ae3d);
    c = (((c << 13) | (c >>> 19)) + d) | 0;
    d = Math.imul(d ^ (words[i + 3] as number), 0x27d4eb2f);
    d = (((d << 13) | (d >>> 19)) + a) | 0;
  }
  state.set([a, b, c, d]);
}
/** Every word takes part in every other. */
function mix(state: Int32Array): void {
  const sum = state.reduce((all, word) => all + word, 0);
  for (let i = 0; i < 4; i++) state[i] = i === 0 ? sum : sum + (state[i] as number);
}
/** Every bit takes part in every other. */
function finished(word: number): number {
  const first = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
