/** Planned bytes are those that training takes; seconds are held against it by `pnpm plan-check` alone, where nobody else computes. */
import { expect, test } from 'vitest';
import { compare } from './measure.ts';
import { workloads } from './workloads.ts';

test.each(workloads)('$name: bytes of a plan are those of the training', { timeout: 60_000 }, async (workload) => {
  const { plan, bytes } = await compare(workload, 2, 0);
  expect(plan.fits).toBe(true);
  expect(plan.seconds).toBeUndefined();
  // A network's rehearsal is exact; trees are as large as the first one is.
  const off = workload.kind === 'net' ? 0.001 : 0.15;
  expect(Math.abs(plan.bytes.peak / bytes - 1)).toBeLessThan(off);
});
