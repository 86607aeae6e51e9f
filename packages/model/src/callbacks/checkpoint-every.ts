/** Takes a checkpoint after every so many units and hands it to a function that keeps it. */
import { type Callback, type Checkpoint, DendriteError, type ProgressEvent } from '@dendrite/spec';

export interface CheckpointRule {
  /** Units between two checkpoints. */
  readonly every: number;
  /** Default 'epoch'. */
  readonly unit?: ProgressEvent['unit'];
  /** Training waits for it. What it throws ends the run. */
  save(checkpoint: Checkpoint): void | Promise<void>;
}

/** @throws OPTION  unless `every` is a whole number of at least 1 */
export function checkpointEvery({ every, unit = 'epoch', save }: CheckpointRule): Callback {
  if (!Number.isInteger(every) || every < 1)
    throw new DendriteError('OPTION', `checkpointEvery(): every must be a whole number of at least 1, got ${every}.`);
  return {
    name: 'checkpointEvery',
    async on(event, run) {
      if (event.unit === unit && event.done % every === 0) await save(await run.checkpoint());
    },
  };
}
