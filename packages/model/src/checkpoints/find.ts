/** Checkpoints of a store, read by hand: to look at, to restore a model from, to go on with other options. */
import type { Checkpoint, CheckpointStore } from '@dendrite/spec';
import { checkpointNames, findCheckpoint, readCheckpoint } from './checkpoint-file.ts';
import { recordFrom } from './run-record.ts';

/** The latest whole checkpoint; undefined where there is none. `model.restore` makes a model of it, `fit`'s `from` goes on from it. */
export async function lastCheckpoint(store: CheckpointStore): Promise<Checkpoint | undefined> {
  return (await findCheckpoint(store))?.checkpoint;
}

/** The one that `keep: { best }` kept; undefined where there is none or it is damaged. */
export async function bestCheckpoint(store: CheckpointStore): Promise<Checkpoint | undefined> {
  const last = await findCheckpoint(store);
  const best = last && recordFrom(last.checkpoint.run, store.name).best;
  if (best === undefined) return undefined;
  for (const name of await checkpointNames(store)) {
    const found = name.step === best.step && name.epoch === best.epoch && (await readCheckpoint(store, name));
    if (found) return found;
  }
  return undefined;
}
