/** A core from a saved model: compared, rebuilt, and asked its probe again. What a fitted model and a predictor share. */
import type { Label, RestoreOptions, SavedModel, TensorSpec } from '@dendrite/spec';
import { columnCount } from '../fitted/probe.ts';
import type { Answering, AnyCore, AnyDefinition } from '../fitted/trained.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import type { Probing } from './check-probe.ts';
import { checkLabels, checkSaved } from './check-saved.ts';
import { modelArrays } from './model-arrays.ts';

/** What restoring reads of a definition. */
export interface Restoring
  extends Pick<AnyDefinition, 'meta' | 'capabilities' | 'tables' | 'rowsAtOnce' | 'config' | 'accepts' | 'restore'> {
  /** One encoded example, for models that read batches. */
  feature?(preprocessing: Preprocessing): TensorSpec;
}
export interface RestoreRules extends RestoreOptions {
  /** Compared with the file's. */
  readonly labels?: readonly Label[];
}

const where = 'restore()';

/** @throws FORMAT  where the file does not fit the definition or the labels, or its probe is answered otherwise */
export async function restoreCore(
  definition: Restoring,
  saved: SavedModel,
  { runtime, maxBytes, labels: asked }: RestoreRules,
  probing: Probing | undefined,
): Promise<Omit<Answering, 'definition'> & { readonly core: AnyCore }> {
  const { labels, preprocessing } = await checkSaved(saved, definition, where);
  checkLabels(asked, labels, where);
  const { header, arrays } = saved;
  // Before anything is built: the probe bounds what a model's config may say of its input.
  const probe = header.probe && arrays['probe.input'];
  const feature = definition.feature?.(preprocessing);
  if (probe) probing?.checkProbeShape(probe, feature?.shape ?? [columnCount(preprocessing)], where);
  const core = await definition.restore({
    saved,
    arrays: modelArrays(arrays),
    extra: header.extra,
    labels,
    ...(feature && { feature }),
    ...(runtime && { runtime }),
    ...(maxBytes !== undefined && { maxBytes }),
  });
  try {
    await probing?.checkProbe({ definition, core, labels, preprocessing }, saved, where);
  } catch (error) {
    core.dispose?.();
    throw error;
  }
  return { core, labels, preprocessing };
}
