/** A run's measures as the event file that TensorBoard reads. */
import { type Callback, DendriteError, type ProgressEvent } from '@dendrite/spec';
import { eventRecord } from './event-record.ts';

export interface TensorBoardLogOptions {
  /** Gets the records' bytes, in order; training waits for it. What it throws ends the run. */
  write(bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
  /** Of batches, only each so many. Default 1. */
  readonly everyBatches?: number;
  /** When the run began, in seconds since 1970; TensorBoard shows times by it. Default: when the callback is made. */
  readonly startedAt?: number;
}
interface State {
  /** Steps or trees done, the axis of every curve. */
  step: number;
  begun: boolean;
}

/**
 * Writes each metric as a scalar `batch/loss`, `epoch/validation.loss`, `tree/outOfBag` over steps or trees. A run that goes on from a
 * checkpoint goes on in the same file: TensorBoard drops what was told after the checkpoint. The file's name must hold `tfevents`.
 * @throws OPTION  unless `everyBatches` is a whole number of at least 1
 * @example no-run
 * import { tensorBoardLog } from '@dendrite/model';
 * import { appendTo } from '@dendrite/model/node';
 * const callbacks = [tensorBoardLog({ write: appendTo('runs/a/events.tfevents') })];
 * // await model.fit(data, { callbacks }); then: tensorboard --logdir runs
 */
export function tensorBoardLog({
  write,
  everyBatches = 1,
  startedAt = Date.now() / 1000,
}: TensorBoardLogOptions): Callback {
  if (!Number.isInteger(everyBatches) || everyBatches < 1)
    throw new DendriteError(
      'OPTION',
      `tensorBoardLog(): everyBatches must be a whole number of at least 1, got ${String(everyBatches)}. Leave it out for all.`,
    );
  const states = new WeakMap<object, State>();
  const stateOf = (run: object): State => {
    const state = states.get(run) ?? { step: 0, begun: false };
    states.set(run, state);
    return state;
  };
  return {
    name: 'tensorBoardLog',
    async on(event, run) {
      const state = stateOf(run);
      const before = state.step;
      state.step = stepOf(event, before);
      const wallTime = startedAt + event.seconds;
      if (!state.begun) {
        state.begun = true;
        await write(eventRecord({ wallTime, kind: 'file' }));
        await write(eventRecord({ wallTime, kind: 'start', step: event.unit === 'epoch' ? before : state.step }));
      }
      if (event.unit === 'batch' && event.done % everyBatches !== 0) return;
      const values = Object.entries(event.metrics).map(([name, value]) => [`${event.unit}/${name}`, value] as const);
      if (values.length > 0) await write(eventRecord({ wallTime, kind: 'scalars', step: state.step, values }));
    },
    save: (run) => ({ step: stateOf(run).step }),
    restore(json, run) {
      const step = typeof json === 'object' && json !== null && 'step' in json ? json.step : 0;
      stateOf(run).step = typeof step === 'number' ? step : 0;
    },
  };
}

/** An epoch stands at its last step; where no batch was ever told of, at its own number. */
function stepOf({ unit, done }: ProgressEvent, before: number): number {
  return unit === 'epoch' && before > 0 ? before : done;
}
