/** A fitted model from a saved one: compared, rebuilt, and asked its probe again. */
import type { Label, Runtime, SavedModel } from '@dendrite/spec';
import { makeFitted } from '../fitted/fitted.ts';
import { checkProbe } from '../fitted/probe.ts';
import type { AnyDefinition, Trained } from '../fitted/trained.ts';
import { featureOf } from '../prepare/fit-preprocessing.ts';
import { checkLabels, checkSaved } from './check-saved.ts';
import { modelArrays } from './model-arrays.ts';

const where = 'restore()';

export async function restoreTrained(
  definition: AnyDefinition,
  saved: SavedModel,
  { runtime, labels: asked }: { readonly runtime?: Runtime; readonly labels?: readonly Label[] },
): Promise<object> {
  const { labels, preprocessing } = checkSaved(saved, definition, where);
  checkLabels(asked, labels, where);
  const { header, arrays } = saved;
  const own = modelArrays(arrays);
  const core = await definition.restore({
    saved,
    arrays: own,
    extra: header.extra,
    labels,
    ...(definition.capabilities.data === 'batches' && { feature: featureOf(preprocessing) }),
    ...(runtime && { runtime }),
  });
  const probe = arrays['probe.input'];
  const trained: Trained = {
    definition,
    core,
    labels,
    preprocessing,
    history: [],
    seed: header.seed,
    fingerprint: header.data,
    packages: header.packages,
    ...(probe && { probe }),
    ...(runtime && { runtime }),
  };
  try {
    await checkProbe(trained, saved, where);
  } catch (error) {
    core.dispose?.();
    throw error;
  }
  return makeFitted(trained);
}
