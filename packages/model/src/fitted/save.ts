/** A trained model as the contents of one file. */
import { version as randomVersion } from '@dendrite/random';
import { DendriteError, type SavedArray, type SavedHeader, type SavedModel } from '@dendrite/spec';
import type { SavedParts } from '../definition/definition.ts';
import { preprocessingJson } from '../preprocessing/preprocessing-json.ts';
import { rememberedPrefix } from '../restore/model-arrays.ts';
import { version } from '../version.ts';
import { probeOutput } from './probe.ts';
import type { AnyDefinition, Trained } from './trained.ts';

export async function saveTrained(trained: Trained): Promise<SavedModel> {
  const { core, definition } = trained;
  const parts = await core.save();
  const training = await trained.training?.();
  const header = { ...headerOf(trained, parts), ...(training !== undefined && { training }) };
  const probe = await trained.probe?.();
  if (probe === undefined) return { header, arrays: ownArrays(parts, definition) };
  const output = await probeOutput(trained, probe);
  return {
    header: { ...header, probe: { tolerance: definition.probeTolerance ?? 1e-4 } },
    arrays: { ...ownArrays(parts, definition), 'probe.input': probe, 'probe.output': output },
  };
}

export function headerOf(
  { definition, labels, preprocessing, seed, fingerprint, packages }: Omit<Trained, 'core'>,
  { extra = null }: SavedParts,
): SavedHeader {
  const { meta, config, capabilities } = definition;
  return {
    format: 'dendrite',
    version: 1,
    model: meta,
    config,
    task: capabilities.task,
    ...(capabilities.task === 'classification' && { labels }),
    preprocessing: preprocessingJson(preprocessing),
    seed,
    data: fingerprint,
    packages: packages ?? packagesOf(definition),
    extra,
  };
}

/** @throws OPTION  for names that files keep for other arrays */
export function ownArrays({ arrays }: SavedParts, { meta }: AnyDefinition): Readonly<Record<string, SavedArray>> {
  for (const name of Object.keys(arrays)) {
    if (name.startsWith('probe.') || name.startsWith(rememberedPrefix))
      throw new DendriteError(
        'OPTION',
        `save(): names of arrays of '${meta.name}' must not begin with 'probe.' or '${rememberedPrefix}', got '${name}'. Rename it in the definition.`,
      );
  }
  return arrays;
}

/** Versions that a model trained now depends on. */
export function packagesOf(definition: AnyDefinition): Readonly<Record<string, string>> {
  return {
    '@dendrite/model': version,
    '@dendrite/random': randomVersion,
    [definition.meta.name]: definition.meta.version,
    ...definition.packages,
  };
}
