/** Training gives the same bits for any number of threads, with everything shared that can be. */
import { expect, test } from 'vitest';
import { weightsDigest } from './weights-digest.ts';

test.each([true, false])(
  'weights are the same with 1, 2 and 3 threads, relaxed SIMD: %s',
  { timeout: 60_000 },
  async (relaxed) => {
    const plan = { relaxed, rows: 45, batch: 16, epochs: 1 };
    const { sha256 } = await weightsDigest({ ...plan, threads: 1 });
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const threads of [2, 3])
      expect((await weightsDigest({ ...plan, threads, split: 'always' })).sha256, `${threads} threads`).toBe(sha256);
    expect((await weightsDigest({ ...plan, threads: 1, epochs: 2 })).sha256).not.toBe(sha256);
  },
);
