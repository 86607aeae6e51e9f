/** The short form of `pnpm long-run`: nothing grows from step to step or fit to fit, and nothing is left. */
import { isDendriteError } from '@dendrite/spec';
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

test.each([
  ['steps', 1999, 2000],
  ['fits', 13, 14],
  ['fits', Number.NaN, 14],
  ['looks', 1, 2],
])('%s %i: too little to compare anything', async (name, given, least) => {
  const error: unknown = await longRun({ steps: 2000, fits: 14, looks: 2, [name]: given }).catch((e: unknown) => e);
  expect(isDendriteError(error, 'OPTION')).toBe(true);
  expect(String(error)).toContain(`${name} must be a whole number of at least ${least}, got ${given}`);
});
