/** The short form of `pnpm long-run`: nothing grows from step to step or fit to fit, and nothing is left. */
import { expect, test } from 'vitest';
import { longRun } from './long-run.ts';
import { fits } from './work.ts';

test('memory stays flat, and no listener, thread or handle is left', { timeout: 90_000 }, async () => {
  const looks: string[] = [];
  const { faults, threads } = await longRun({
    ...{ steps: 2000, fits: 2 * fits.length, looks: 2 },
    on: (what, done) => looks.push(`${what} ${done}`),
  });
  expect(faults).toEqual([]);
  expect(looks).toHaveLength(4);
  expect(threads).toBeGreaterThan(3);
});
