/** A checkpoint of what training, callbacks and the run say of themselves. */
import type { Checkpoint, Json } from '@dendrite/spec';
import type { CheckpointParts } from '../definition/definition.ts';
import { headerOf, ownArrays } from '../fitted/save.ts';
import type { Trained } from '../fitted/trained.ts';
import { rememberedPrefix } from '../restore/model-arrays.ts';
import type { SoFar } from '../run/run.ts';
import { type RunRecord, recordJson } from './run-record.ts';

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
