/** What a run says when it ends otherwise than by its end, and when a checkpoint cannot be had of it. */
import { DendriteError } from '@dendrite/spec';
import type { TrainEvent } from '../definition/definition.ts';

type Unit = Pick<TrainEvent, 'unit' | 'done' | 'of'>;

/** @param last  The last event before it */
export function aborted(signal: AbortSignal, last: Unit | undefined, cause: unknown = signal.reason): DendriteError {
  const after = last
    ? `after ${last.done} of ${last.of} ${last.unit === 'batch' ? 'batches' : `${last.unit}s`}`
    : 'before the first unit of work';
  return new DendriteError(
    'ABORTED',
    `fit(): training was stopped by its signal ${after}. To keep the model so far, use run() and stop().`,
    { cause },
  );
}
/** The error that ended a run whose signal was aborted: itself where it says so, else the cause of one that does. */
export function asAborted(signal: AbortSignal, last: Unit | undefined, error: unknown): unknown {
  const says = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ABORTED';
  return says ? error : aborted(signal, last, error);
}

export function finished(): DendriteError {
  return new DendriteError(
    'OPTION',
    'checkpoint(): the run must still be going, got one that has ended. Use (await run.result).save().',
  );
}
export function notResumable(name: string): DendriteError {
  return new DendriteError(
    'OPTION',
    `checkpoint(): '${name}' must be able to go on from a checkpoint, got the capability resume: 'none'. Use (await run.result).save().`,
  );
}
export function noSnapshot(name: string, unit: string | undefined): DendriteError {
  return new DendriteError(
    'OPTION',
    `checkpoint(): '${name}' can only be saved at an event that has a snapshot, got one after a ${unit ?? 'unit'}. Ask at the end of an epoch or tree.`,
  );
}
