import { gzipSync } from 'node:zlib';
import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { readIdx } from './read-idx.ts';

const header = (type: number, ...lengths: number[]): number[] => [
  0,
  0,
  type,
  lengths.length,
  ...lengths.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]),
];
const file = (...bytes: number[]): Uint8Array => new Uint8Array(bytes);
async function failure(bytes: Uint8Array, options?: { maxBytes?: number; name?: string }): Promise<string> {
  const error = await readIdx(bytes, options).then(
    () => new Error('it was read'),
    (e: unknown) => e,
  );
  return isDendriteError(error, 'FORMAT') ? error.message : String(error);
}

test('unsigned bytes keep their shape and order', async () => {
  const array = await readIdx(file(...header(8, 2, 3), 0, 1, 2, 253, 254, 255));
  expect(array).toEqual({ dtype: 'uint8', shape: [2, 3], data: file(0, 1, 2, 253, 254, 255) });
});

test('every element type is big-endian; signed bytes and shorts become int32', async () => {
  expect((await readIdx(file(...header(0x09, 2), 0xff, 0x7f))).data).toEqual(new Int32Array([-1, 127]));
  expect((await readIdx(file(...header(0x0b, 1), 0xff, 0xfe))).data).toEqual(new Int32Array([-2]));
  expect((await readIdx(file(...header(0x0c, 1), 0x01, 0x02, 0x03, 0x04))).data).toEqual(new Int32Array([0x01020304]));
  const single = await readIdx(file(...header(0x0d, 1), 0x3f, 0xc0, 0, 0)); // 1.5
  expect(single).toEqual({ dtype: 'float32', shape: [1], data: new Float32Array([1.5]) });
  const double = await readIdx(file(...header(0x0e, 1), 0xc0, 0x04, 0, 0, 0, 0, 0, 0)); // -2.5
  expect(double).toEqual({ dtype: 'float64', shape: [1], data: new Float64Array([-2.5]) });
});

test('gzipped bytes and views at an odd offset read the same', async () => {
  const plain = file(...header(0x0c, 2), 0, 0, 0, 5, 255, 255, 255, 255);
  const expected = { dtype: 'int32', shape: [2], data: new Int32Array([5, -1]) };
  expect(await readIdx(new Uint8Array(gzipSync(plain)))).toEqual(expected);
  const odd = new Uint8Array(plain.length + 3);
  odd.set(plain, 3);
  expect(await readIdx(odd.subarray(3))).toEqual(expected);
});

test('an axis of length 0 is an empty array', async () => {
  expect(await readIdx(file(...header(8, 0, 28, 28)))).toEqual({ dtype: 'uint8', shape: [0, 28, 28], data: file() });
});

test('what is not idx is refused with its first bytes', async () => {
  expect(await failure(file(0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4))).toBe(
    'readIdx(): the file must begin with 00 00, an element type (08, 09, 0b to 0e) and a rank from 1 to 8, got 89 50 4e 47. It is not an idx file.',
  );
  expect(await failure(file(0, 0, 0x0a, 1, 0, 0, 0, 0))).toContain('got 00 00 0a 01');
  expect(await failure(file(0, 0, 8, 0))).toContain('rank from 1 to 8');
  expect(await failure(file(0, 0, 8, 200))).toContain('rank from 1 to 8');
});

test('a file that is cut off or goes on is refused', async () => {
  expect(await failure(file())).toContain('must begin with a whole idx header, got 0 bytes');
  expect(await failure(file(0, 0, 8, 3, 0, 0))).toContain('got 6 bytes');
  const whole = [...header(8, 2, 2), 1, 2, 3, 4];
  expect(await failure(file(...whole.slice(0, -1)), { name: 't10k' })).toBe(
    'readIdx(): t10k with shape [2, 2] must have 16 bytes, got 15. It is cut off; fetch it again.',
  );
  expect(await failure(file(...whole, 9))).toContain('must have 16 bytes, got 17. Something follows');
  expect(await failure(new Uint8Array(gzipSync(file(...whole, 9))))).toContain('got more. Something follows');
  expect(await failure(new Uint8Array(gzipSync(file(...whole.slice(0, -1)))))).toContain('got 15. It is cut off');
});

test('a header that announces the impossible takes no memory', async () => {
  const huge = header(0x0e, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff);
  expect(await failure(file(...huge))).toContain('must have at most 1073741824 bytes');
  expect(await failure(new Uint8Array(gzipSync(file(...huge))))).toContain('must have at most 1073741824 bytes');
  expect(await failure(file(...header(8, 100)), { maxBytes: 50 })).toContain(
    'at most 50 bytes, got a header that announces 108',
  );
});

test('a gzip bomb is left after the bytes it announced', async () => {
  const zeros = new Uint8Array(64 * 2 ** 20);
  zeros.set(header(8, 4));
  const bomb = new Uint8Array(gzipSync(zeros));
  expect(bomb.length).toBeLessThan(100_000);
  expect(await failure(bomb)).toContain('must have 12 bytes unpacked, got more');
});

test('a damaged gzip stream is refused', async () => {
  const packed = new Uint8Array(gzipSync(file(...header(8, 4), 1, 2, 3, 4)));
  expect(await failure(packed.subarray(0, packed.length - 6))).toContain('must be a whole gzip stream');
  const flipped = packed.slice();
  flipped[packed.length - 5] = (flipped[packed.length - 5] ?? 0) ^ 1; // in the checksum
  expect(await failure(flipped)).toContain('must be a whole gzip stream');
  expect(await failure(file(0x1f, 0x8b))).toContain('must be a whole gzip stream');
});
