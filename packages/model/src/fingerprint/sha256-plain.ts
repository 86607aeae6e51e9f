/**
 * SHA-256 by a plain loop.
 * @source FIPS 180-4, section 6.2
 */
import { hex } from './sha256.ts';

/** The digest of these bytes, 64 hex digits. */
export function sha256Plain(bytes: Uint8Array): string {
  const state = new Uint32Array(initial);
  const whole = bytes.length - (bytes.length % 64);
  for (let at = 0; at < whole; at += 64) block(state, bytes, at);
  // The message, one bit 1, zeros, and the length in bits as 64 bits, in whole blocks.
  const tail = new Uint8Array(bytes.length - whole < 56 ? 64 : 128);
  tail.set(bytes.subarray(whole));
  tail[bytes.length - whole] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(tail.length - 4, (bytes.length * 8) >>> 0);
  for (let at = 0; at < tail.length; at += 64) block(state, tail, at);
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) digest.setUint32(4 * i, state[i] as number);
  return hex(new Uint8Array(digest.buffer));
}

const primes = /* @__PURE__ */ firstPrimes(64);
const rounds = /* @__PURE__ */ Uint32Array.from(primes, (p) => fraction(Math.cbrt(p)));
const initial = /* @__PURE__ */ Uint32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));
const words = /* @__PURE__ */ new Uint32Array(64);

function block(state: Uint32Array, bytes: Uint8Array, at: number): void {
  const w = words;
  const get = (from: Uint32Array, i: number): number => from[i] as number;
  for (let t = 0; t < 16; t++) {
    const i = at + 4 * t;
    w[t] =
      ((bytes[i] as number) << 24) |
      ((bytes[i + 1] as number) << 16) |
      ((bytes[i + 2] as number) << 8) |
      (bytes[i + 3] as number);
  }
  for (let t = 16; t < 64; t++) {
    const x = get(w, t - 15),
      y = get(w, t - 2);
    w[t] =
      get(w, t - 16) +
      (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) +
      get(w, t - 7) +
      (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let a = get(state, 0),
    b = get(state, 1),
    c = get(state, 2),
    d = get(state, 3),
    e = get(state, 4),
    f = get(state, 5),
    g = get(state, 6),
    h = get(state, 7);
  for (let t = 0; t < 64; t++) {
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + get(rounds, t) + get(w, t)) | 0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i] = get(state, i) + value;
  });
}

const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** The first 32 bits of the fractional part. Exact: a double has 52 bits, and the whole part of a root of 311 takes at most 5. */
function fraction(x: number): number {
  return Math.floor((x - Math.floor(x)) * 2 ** 32);
}
function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}
