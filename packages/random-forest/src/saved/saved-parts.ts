/** A trained forest as the contents of a file: loaded when one is saved. */
import type { CheckpointParts, SavedParts } from '@dendrite/model';
import type { Json, SavedArray } from '@dendrite/spec';
import type { CoreParts } from '../forest/core.ts';
import type { KeptVotes } from '../out-of-bag/out-of-bag.ts';
import { binsJson, float64, forestArrays, int32 } from './forest-arrays.ts';

export const savedParts = (parts: CoreParts): SavedParts => ({ arrays: coreArrays(parts), extra: coreJson(parts) });

/** With the votes so far, so that training can go on from here. */
export function checkpointOf(parts: CoreParts, votes: KeptVotes | undefined, step: number): CheckpointParts {
  return {
    arrays: {
      ...coreArrays(parts),
      ...(votes && {
        'outOfBag.judges': int32(votes.judges),
        'outOfBag.counts': int32(votes.counts),
        'outOfBag.sums': float64(votes.sums),
      }),
    },
    extra: coreJson(parts),
    cursor: { epoch: 0, batch: 0, step },
  };
}

function coreArrays({ forest, importance, outOfBag }: CoreParts): Record<string, SavedArray> {
  return {
    ...forestArrays(forest),
    importance: float64(importance.slice()),
    ...(outOfBag && { 'outOfBag.predictions': float64(Float64Array.from(outOfBag.predictions)) }),
  };
}
function coreJson({ forest, columns, outOfBag }: CoreParts): { readonly [name: string]: Json } {
  return {
    trees: forest.trees.length,
    columns: columns.map((column) => ({ ...column })),
    bins: binsJson(forest.bins),
    // NaN is not JSON.
    ...(outOfBag && {
      outOfBag: Number.isFinite(outOfBag.score) ? outOfBag.score : null,
      rows: outOfBag.predictions.length,
    }),
  };
}
