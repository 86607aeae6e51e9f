/** A fitted model from a saved one. */
import type { SavedModel } from '@dendrite/spec';
import { makeFitted } from '../fitted/fitted.ts';
import type { AnyDefinition } from '../fitted/trained.ts';
import { featureOf } from '../preprocessing/feature-of.ts';
import { checkIsSaved } from './check-is-saved.ts';
import { probing } from './check-probe.ts';
import { type RestoreRules, restoreCore } from './restore-core.ts';

export async function restoreTrained(
  definition: AnyDefinition,
  saved: SavedModel,
  options: RestoreRules,
): Promise<object> {
  checkIsSaved(saved, 'restore()');
  const core = await restoreCore(
    { ...definition, ...(definition.capabilities.data === 'batches' && { feature: featureOf }) },
    saved,
    options,
    probing,
  );
  const { header, arrays } = saved;
  const probe = arrays['probe.input'];
  return makeFitted({
    ...core,
    definition,
    history: [],
    seed: header.seed,
    fingerprint: header.data,
    packages: header.packages,
    training: async () => header.training,
    ...(probe && { probe: async () => probe }),
    ...(options.runtime && { runtime: options.runtime }),
  });
}
