import { expect, test } from 'vitest';
import { fillBits, threefry2x32 } from './threefry.ts';

// The three known-answer vectors of Random123's kat_vectors for threefry2x32 with 20 rounds.
test.each([
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
])('threefry2x32(%i, %i, %i, %i) is the published block', (key0, key1, counter0, counter1, x, y) => {
  expect(threefry2x32(key0, key1, counter0, counter1)).toEqual([x, y]);
});

test('words are taken modulo 2³²: signed and unsigned say the same', () => {
  expect(threefry2x32(-1, -1, -1, -1)).toEqual([0x1cb996fc, 0xbb002be7]);
});

test.each([0, 1, 2, 3, 5, 33])('fillBits() gives word i & 1 of block i >>> 1, for %i words', (n) => {
  const out = new Uint32Array(n);
  fillBits(out, [7, 9], 5);
  for (let i = 0; i < n; i++) expect(out[i]).toBe(threefry2x32(7, 9, i >>> 1, 5)[i & 1]);
});

test('signed arrays hold the same bits', () => {
  const signed = new Int32Array(9);
  const unsigned = new Uint32Array(9);
  fillBits(signed, [1, 2]);
  fillBits(unsigned, [1, 2]);
  expect(new Uint32Array(signed.buffer)).toEqual(unsigned);
});
