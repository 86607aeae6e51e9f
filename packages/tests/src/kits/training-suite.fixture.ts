/** Optimizers, layers and models on one backend. */
import { describe, test } from 'vitest';
import type { BackendName } from '../reference/machine.ts';
import { trainingKit } from './training-kit.ts';

export async function trainingSuite(name: BackendName): Promise<void> {
  describe.each(Object.entries(await trainingKit(name)))('%s', (_of, cases) => {
    for (const each of cases) test(each.name, { timeout: 60_000 }, each.run);
  });
}
