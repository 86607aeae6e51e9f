/** How JavaScript finds leaves: loaded where WebAssembly does not run, rows have gaps or categories, or there are many. */
import { whenNeeded } from '@dendrite/model';

import type { Finders } from './forest-answers.ts';

export const finders: () => Finders | Promise<Finders> = whenNeeded(async () => {
  const [{ forestMedians }, { codedLeaves, tableLeaves }, { writeCodes }] = await Promise.all([
    import('../predict/leaf-finder.ts'),
    import('../predict/walk-rows.ts'),
    import('../binning/write-codes.ts'),
  ]);
  return { forestMedians, foundLeaves: tableLeaves, codedLeaves, writeCodes };
});
