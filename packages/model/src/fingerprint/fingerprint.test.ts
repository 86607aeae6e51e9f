import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
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
