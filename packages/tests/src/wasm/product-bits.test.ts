/**
 * Every variant of the matrix product, tile, packing, part and form, adds each element in the order that the contract names. With
 * plain SIMD the bits are worked out here, by float32 arithmetic in JavaScript; with relaxed SIMD every variant is held against
 * another one that must agree: rows alone, and operands transposed beforehand.
 */
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime, type MatmulOptions, matmul, max, slice, sum, transpose } from '@dendrite/core';
import type { HostArray } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { filled } from './filled.fixture.ts';

const relaxed = await createRuntime({ backends: [wasm({ specializeFrom: 1 })] });
const plain = await createRuntime({ backends: [wasm({ relaxed: false, specializeFrom: 1 })] });

/** One chain; four, for k ≡ 0, 1, 2, 3, where there are few columns that fill no vectors and K is long. */
const chains = (k: number, n: number, transposeA: boolean): number =>
  !transposeA && n < 32 && n % 4 !== 0 && k >= 80 ? 4 : 1;

function product(a: HostArray, b: HostArray, m: number, k: number, n: number, count: number): Float32Array {
  const y = new Float32Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      const sums = new Float32Array(4);
      for (let l = 0; l < k; l++) {
        const chain = count === 4 ? l % 4 : 0;
        sums[chain] = (sums[chain] ?? 0) + Math.fround((a[i * k + l] ?? 0) * (b[l * n + j] ?? 0));
      }
      const [p = 0, q = 0, r = 0, s = 0] = sums;
      y[i * n + j] = Math.fround(p + r) + Math.fround(q + s);
    }
  return y;
}

const shapes: readonly (readonly [m: number, k: number, n: number, why: string])[] = [
  [7, 30, 33, 'odd tiles'],
  [1, 5, 43, 'one row: broad tiles'],
  [2, 7, 50, 'two rows'],
  [3, 3, 21, 'three rows'],
  [4, 6, 8, 'exact tiles'],
  [13, 90, 10, 'lanes along the sum'],
  [9, 83, 7, 'lanes along the sum, three left over'],
  [12, 81, 1, 'a column'],
  [25, 300, 6, 'lanes along the rows, two parts'],
  [16, 20, 9, 'lanes along the rows, one unit'],
  [50, 40, 200, 'packed panels'],
  [5, 530, 40, 'two parts of a sum'],
  [49, 515, 16, 'two parts, two units'],
  [256, 6, 70, 'rows on the same lines, transposed'],
  [256, 3, 65, 'rows on the same lines, a last column'],
  [49, 270, 193, 'wide tiles, a last row, a last column, two parts'],
  [128, 260, 198, 'wide tiles, rows on the same lines, two parts'],
  [99, 2051, 101, 'parts outside, odd panels'],
  [96, 2048, 96, 'parts outside, whole panels and groups'],
  [3, 0, 5, 'nothing to add'],
];
const transposes: readonly MatmulOptions[] = [
  {},
  { transposeB: true },
  { transposeA: true },
  { transposeA: true, transposeB: true },
];

test.each(shapes)('%i × %i × %i: %s', async (m, k, n) => {
  for (const on of [plain, relaxed]) {
    const a = filled(on, 'a', [m, k]);
    const b = filled(on, 'b', [k, n]);
    const [left, right] = [await a.data(), await b.data()];
    const [turnedA, turnedB] = [transpose(a), transpose(b)];
    for (const options of transposes) {
      const how = JSON.stringify(options);
      const operands = [options.transposeA ? turnedA : a, options.transposeB ? turnedB : b] as const;
      const y = await matmul(...operands, options).data();
      const count = chains(k, n, options.transposeA === true);
      if (on === plain) expect(y, how).toEqual(product(left, right, m, k, n, count));
      // The first rows and the last alone.
      for (const [from, size] of [
        [0, 1],
        [m - 1, 1],
        [Math.max(0, m - 8), Math.min(8, m)],
      ] as const) {
        const part = slice(a, { begin: [from, 0], size: [size, k] });
        const rows = await matmul(options.transposeA ? transpose(part) : part, operands[1], options).data();
        expect(rows, `${how}, rows from ${from}`).toEqual(y.subarray(from * n, (from + size) * n));
      }
      if (count === chains(k, n, false)) expect(y, `${how}, against AB`).toEqual(await matmul(a, b).data());
    }
  }
});

/** Which of three runs have other bits than the last. */
async function differing(run: () => Promise<HostArray>): Promise<number[]> {
  const runs = [await run(), await run(), await run()].map(({ buffer }) => Buffer.from(buffer));
  return [0, 1].filter((i) => !runs[i]?.equals(runs[2] ?? Buffer.of()));
}

test.each([{ relaxed: false }, { relaxed: true, threads: 3, split: 'always' as const }])(
  'the kernel for all shapes, which comes first, has the bits of the one that follows it: %o',
  async (options) => {
    const on = await createRuntime({ backends: [wasm(options)] });
    for (const [m, k, n] of [...shapes, [1, 100, 3], [2, 80, 30], [6, 1, 8], [40, 0, 8]] as const)
      for (const how of transposes) {
        const a = filled(on, 'a', how.transposeA ? [2, k, m] : [2, m, k]);
        const b = filled(on, 'b', how.transposeB ? [2, n, k] : [2, k, n]);
        expect(await differing(() => matmul(a, b, how).data()), `${m} × ${k} × ${n} ${JSON.stringify(how)}`).toEqual(
          [],
        );
      }
    for (const width of [1, 3, 4, 6, 16, 19, 33, 84])
      for (const rows of [1, 5, 4096, 9000]) {
        const x = filled(on, 'x', [rows, width]);
        for (const reduce of [sum, max])
          expect(await differing(() => reduce(x, { axes: [0] }).data()), `${rows} × ${width}`).toEqual([]);
      }
    await on.dispose();
  },
);

test('a batch has the bits of its matrices', async () => {
  for (const [m, k, n] of [
    [13, 90, 10],
    [17, 20, 9],
    [31, 11, 24],
  ] as const)
    for (const options of transposes) {
      const a = filled(relaxed, 'a', options.transposeA ? [3, k, m] : [3, m, k]);
      const b = filled(relaxed, 'b', options.transposeB ? [3, n, k] : [3, k, n]);
      const y = await matmul(a, b, options).data();
      for (let i = 0; i < 3; i++) {
        const [x, z] = [a, b].map((t) => slice(t, { begin: [i, 0, 0], size: [1, ...t.shape.slice(1)] }));
        if (x && z) expect(await matmul(x, z, options).data()).toEqual(y.subarray(i * m * n, (i + 1) * m * n));
      }
    }
});

test('what lies behind an operand never gets in', async () => {
  for (const [k, n] of [
    [83, 7],
    [82, 3],
    [81, 10],
    [5, 6],
  ] as const) {
    const a = filled(relaxed, 'a', [2, k]);
    const rows = relaxed.tensor(new Float32Array([...(await a.data()), ...new Float32Array(k).fill(Number.NaN)]), [
      3,
      k,
    ]);
    const b = filled(relaxed, 'b', [k, n]);
    const y = await matmul(rows, b).data();
    expect(y.subarray(0, 2 * n)).toEqual(await matmul(a, b).data());
    expect([...y.subarray(2 * n)].every(Number.isNaN)).toBe(true);
  }
});
