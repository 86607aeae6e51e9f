/** How JavaScript finds leaves: loaded where WebAssembly does not run, or rows have gaps or categories. */
import { whenNeeded } from '@dendrite/model';

import type { Finders } from './forest-answers.ts';

export const finders: () => Finders | Promise<Finders> = whenNeeded(async () => {
  const [{ forestMedians }, { codedLeaves, tableLeaves }] = await Promise.all([
    import('../predict/leaf-finder.ts'),
    import('../predict/walk-rows.ts'),
  ]);
  return { forestMedians, foundLeaves: tableLeaves, codedLeaves };
});
