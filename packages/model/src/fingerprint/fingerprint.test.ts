import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { contentHash } from './content-hash.ts';
import { dataFingerprint } from './fingerprint.ts';
import { sha256 } from './sha256.ts';
import { sha256Plain } from './sha256-plain.ts';

describe('sha256()', () => {
  // Around a block of 64 bytes the padding takes one block or two.
  test.each([0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000])(
    '%d bytes: as Node, with WebCrypto and without',
    async (length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 131 + 7) % 256);
      const expected = createHash('sha256').update(bytes).digest('hex');
      expect(sha256Plain(bytes)).toBe(expected);
      expect(await sha256(bytes)).toBe(expected);
    },
  );

  test('without WebCrypto the plain loop answers; views and shared memory are read at their place', async () => {
    const all = new Uint8Array(new SharedArrayBuffer(10)).fill(9);
    const expected = createHash('sha256').update(all.subarray(2, 7)).digest('hex');
    expect(await sha256(all.subarray(2, 7))).toBe(expected);
    vi.stubGlobal('crypto', undefined);
    expect(await sha256(all.subarray(2, 7))).toBe(expected);
    vi.unstubAllGlobals();
  });
});

describe('contentHash()', () => {
  const bytes = Uint8Array.from({ length: 1003 }, (_, i) => (i * 131 + 7) % 256);
  const turned = (bit: number): Uint8Array => {
    const changed = bytes.slice();
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    return changed;
  };

  test('every length, every place, every bit and the seed count', () => {
    const found = new Set([contentHash(bytes), contentHash(bytes, 1)]);
    for (let length = 0; length <= 40; length++) found.add(contentHash(new Uint8Array(length)));
    for (let bit = 0; bit < 8 * bytes.length; bit++) found.add(contentHash(turned(bit)));
    const swapped = bytes.slice();
    swapped.set(bytes.subarray(16, 32), 32);
    swapped.set(bytes.subarray(32, 48), 16);
    found.add(contentHash(swapped));
    expect(found.size).toBe(2 + 41 + 8 * bytes.length + 1);
  });

  test('bytes off the boundary of a word, and shared ones, have the hash of others', () => {
    const room = new Uint8Array(new SharedArrayBuffer(1010));
    const expected = contentHash(bytes);
    // As this function first gave it: files keep it.
    expect(expected).toBe('fbf9a2f59196034161f234817d90a8cd');
    for (const at of [0, 1, 2, 3, 4]) {
      room.set(bytes, at);
      expect(contentHash(room.subarray(at, at + bytes.length))).toBe(expected);
    }
  });

  test('a changed bit turns half the bits of the hash', () => {
    const before = contentHash(bytes);
    for (const bit of [0, 77, 1031, 8023]) {
      const after = contentHash(turned(bit));
      let different = 0;
      for (let i = 0; i < 32; i++) {
        const digit = Number.parseInt(before[i] as string, 16) ^ Number.parseInt(after[i] as string, 16);
        different += digit.toString(2).replaceAll('0', '').length;
      }
      // 64 of 128, deviation 5.7, by chance.
      expect(Math.abs(different - 64)).toBeLessThan(25);
    }
  });
});

describe('dataFingerprint()', () => {
  const base = {
    data: new Float32Array([1, 2, 3, 4]),
    shape: [2, 2],
    targets: new Int32Array([0, 1]),
    labels: ['a', 'b'],
  };

  test('equal content, equal fingerprint; whatever differs shows', async () => {
    const first = await dataFingerprint(base);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await dataFingerprint({ ...base, data: new Float32Array([1, 2, 3, 4]) })).toBe(first);
    const others = await Promise.all([
      dataFingerprint({ ...base, data: new Float32Array([1, 2, 3, 5]) }),
      dataFingerprint({ ...base, data: new Int32Array([1, 2, 3, 4]) }),
      dataFingerprint({ ...base, shape: [4, 1] }),
      dataFingerprint({ ...base, targets: new Int32Array([1, 0]) }),
      dataFingerprint({ ...base, labels: ['a', 'c'] }),
      dataFingerprint({ ...base, labels: [0, 1] }),
      dataFingerprint({ ...base, names: ['u', 'v'] }),
      dataFingerprint({ ...base, sampleWeight: new Float32Array([1, 2]) }),
      dataFingerprint({ ...base, indices: new Uint32Array([1, 0]) }),
    ]);
    expect(new Set([first, ...others]).size).toBe(10);
  });

  test('a table: names, kinds, gaps and categories count', async () => {
    const of = (column: object): Promise<string> =>
      dataFingerprint({
        table: {
          '~dendrite': 'table',
          rows: 2,
          columns: [{ name: 'a', kind: 'number', values: new Float64Array([1, 2]), ...column }],
        },
      });
    const found = await Promise.all([
      of({}),
      of({ name: 'b' }),
      of({ kind: 'date' }),
      of({ missing: new Uint8Array([0, 1]) }),
      of({ kind: 'category', categories: ['x', 'y', 'z'] }),
    ]);
    expect(new Set(found).size).toBe(5);
    expect(await of({})).toBe(found[0]);
  });
});
