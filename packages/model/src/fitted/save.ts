/** A trained model as the contents of one file. */
import {
  type Checkpoint,
  DendriteError,
  type Json,
  type SavedArray,
  type SavedHeader,
  type SavedModel,
} from '@dendrite/spec';
import { type RunRecord, recordJson } from '../checkpoints/run-record.ts';
import type { CheckpointParts, SavedParts } from '../definition/definition.ts';
import { preprocessingJson } from '../preprocessing/preprocessing.ts';
import { rememberedPrefix } from '../restore/model-arrays.ts';
import type { SoFar } from '../run/run.ts';
import { version } from '../version.ts';
import { probeOutput } from './probe.ts';
import type { AnyDefinition, Trained } from './trained.ts';

export async function saveTrained(trained: Trained): Promise<SavedModel> {
  const { core, definition, probe } = trained;
  const parts = await core.save();
  if (probe === undefined) return { header: headerOf(trained, parts), arrays: ownArrays(parts, definition) };
  const output = await probeOutput(trained, probe);
  return {
    header: { ...headerOf(trained, parts), probe: { tolerance: definition.probeTolerance ?? 1e-4 } },
    arrays: { ...ownArrays(parts, definition), 'probe.input': probe, 'probe.output': output },
  };
}

export async function makeCheckpoint(
  trained: Omit<Trained, 'core'>,
  parts: CheckpointParts,
  callbacks: Readonly<Record<string, Json>>,
  terms: RunRecord['terms'],
  { remembered, ...soFar }: SoFar,
): Promise<Checkpoint> {
  const best = remembered && (await remembered.save());
  const bestArrays = best && Object.entries(ownArrays(best, trained.definition));
  return {
    header: headerOf(trained, parts),
    arrays: {
      ...ownArrays(parts, trained.definition),
      ...(bestArrays && Object.fromEntries(bestArrays.map(([name, array]) => [`${rememberedPrefix}${name}`, array]))),
    },
    cursor: parts.cursor,
    callbacks,
    run: recordJson({ terms, ...soFar, ...(best && { remembered: { extra: best.extra ?? null } }) }),
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
    packages,
    extra,
  };
}

function ownArrays({ arrays }: SavedParts, { meta }: AnyDefinition): Readonly<Record<string, SavedArray>> {
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
  return { '@dendrite/model': version, [definition.meta.name]: definition.meta.version, ...definition.packages };
}
