/**
 * A run: pulls training forward event by event, tells callbacks, and ends in one of three ways: the fitted model, an
 * error, or ABORTED. However it ends, the training generator's `finally` blocks have run.
 */
import { type Callback, type Checkpoint, DendriteError, type FitRun, type ProgressEvent } from '@dendrite/spec';
import type { CheckpointParts, TrainEvent } from '../definition/definition.ts';
import type { AnyCore } from '../fitted/trained.ts';
import { breather } from './breathe.ts';
import { makeConsumer } from './consumer.ts';

/** What a run needs once its data are ready. */
export interface Session<F> {
  readonly training: AsyncIterator<TrainEvent, AnyCore, void>;
  checkpoint(parts: CheckpointParts): Promise<Checkpoint>;
  finish(core: AnyCore, history: readonly ProgressEvent[], stopped: string | undefined): Promise<F>;
}
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly callbacks: readonly Callback[];
  onProgress?(event: ProgressEvent): void;
  /** Of the model, for error texts. */
  readonly name: string;
  readonly resumable: boolean;
}
interface Waiting {
  resolve(checkpoint: Promise<Checkpoint>): void;
  reject(error: unknown): void;
}
type Handle = Parameters<Callback['on']>[1];

/** `begin` is called when the run starts; `stopping` tells training that it was asked to end. */
export function makeRun<F>(
  begin: (run: { readonly stopping: () => boolean }) => Promise<Session<F>>,
  { signal, callbacks, onProgress, name, resumable }: RunOptions,
): FitRun<F> {
  const consumer = makeConsumer();
  const breathe = breather();
  const history: ProgressEvent[] = [];
  const waiting: Waiting[] = [];
  let result: Promise<F> | undefined;
  let session: Session<F> | undefined;
  let reason: string | undefined;
  /** The event that training is halted at; snapshots are only legal meanwhile. */
  let halted: TrainEvent | undefined;
  let last: TrainEvent | undefined;
  let remembered: AnyCore | undefined;
  let snapshots: Promise<unknown>[] = [];
  let over = false;

  const stop = (why = 'stopped'): void => {
    reason ??= why;
    consumer.wake();
  };
  const start = (): Promise<F> => {
    if (result === undefined) {
      result = drive();
      // An error that only the iterating consumer sees must not count as unhandled too.
      result.catch(() => {});
    }
    return result;
  };
  const checkAborted = (): void => {
    if (signal?.aborted) throw aborted(signal, last);
  };

  const takeCheckpoint = (): Promise<Checkpoint> => {
    const taken = (async () => {
      if (!halted?.checkpoint || !session)
        throw new DendriteError(
          'OPTION',
          `checkpoint(): '${name}' can only be saved at an event that has a snapshot, got one after a ${halted?.unit ?? 'unit'}. Ask at the end of an epoch or tree.`,
        );
      return session.checkpoint(await halted.checkpoint());
    })();
    snapshots.push(taken);
    return taken;
  };
  const refuse = (): DendriteError | undefined =>
    resumable
      ? undefined
      : new DendriteError(
          'OPTION',
          `checkpoint(): '${name}' must be able to go on from a checkpoint, got the capability resume: 'none'. Use (await run.result).save().`,
        );
  const handle: Handle = {
    stop,
    async checkpoint() {
      const refused = refuse();
      if (refused) throw refused;
      return takeCheckpoint();
    },
    remember() {
      if (!halted?.snapshot)
        throw new DendriteError(
          'OPTION',
          `remember(): '${name}' must give a snapshot with its events, got none after a ${halted?.unit ?? 'unit'}. Use restoreBest: false.`,
        );
      const fresh = halted.snapshot();
      // A model that never changes may give itself every time.
      if (remembered !== fresh) remembered?.dispose?.();
      remembered = fresh;
    },
  };

  async function handleEvent(event: ProgressEvent): Promise<void> {
    if (event.unit !== 'batch') history.push(event);
    for (const callback of callbacks) await callback.on(event, handle);
    onProgress?.(event);
    if (halted?.checkpoint) for (const { resolve } of waiting.splice(0)) resolve(takeCheckpoint());
    consumer.deliver(event);
  }

  async function train(began: Session<F>, startedAt: number): Promise<AnyCore> {
    for (;;) {
      await consumer.turn(() => reason !== undefined || signal?.aborted === true);
      // A snapshot that is still being read must be done before training changes what it reads.
      await Promise.allSettled(snapshots);
      snapshots = [];
      checkAborted();
      halted = undefined;
      const next = await began.training.next();
      if (next.done) return next.value;
      halted = last = next.value;
      const { snapshot: _snapshot, checkpoint: _checkpoint, ...event } = next.value;
      checkAborted();
      await handleEvent({ ...event, seconds: (performance.now() - startedAt) / 1000 });
      await breathe();
    }
  }

  async function drive(): Promise<F> {
    signal?.addEventListener('abort', consumer.wake);
    let core: AnyCore | undefined;
    try {
      checkAborted();
      session = await begin({ stopping: () => reason !== undefined });
      core = await train(session, performance.now());
      checkAborted();
      const early = reason !== undefined && (last === undefined || last.done < last.of);
      if (remembered && remembered !== core) {
        core.dispose?.();
        core = remembered;
      }
      const fitted = await session.finish(core, history, early ? reason : undefined);
      over = true;
      for (const { reject } of waiting.splice(0)) reject(finished());
      consumer.end();
      return fitted;
    } catch (error) {
      over = true;
      const cause = signal?.aborted && !isAborted(error) ? aborted(signal, last, error) : error;
      await Promise.allSettled(snapshots);
      // Errors on the way out must not hide the one that ended the run.
      await session?.training.return?.().catch(() => {});
      if (core !== remembered) core?.dispose?.();
      remembered?.dispose?.();
      for (const { reject } of waiting.splice(0)) reject(cause);
      consumer.fail(cause);
      throw cause;
    } finally {
      halted = undefined;
      signal?.removeEventListener('abort', consumer.wake);
    }
  }

  return {
    get result() {
      return start();
    },
    stop,
    async checkpoint() {
      const refused = refuse() ?? (over ? finished() : undefined);
      if (refused) throw refused;
      if (halted?.checkpoint) return takeCheckpoint();
      return new Promise<Checkpoint>((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
    },
    [Symbol.asyncIterator]: () => consumer.iterator(start, () => stop('break')),
  };
}

function finished(): DendriteError {
  return new DendriteError(
    'OPTION',
    'checkpoint(): the run must still be going, got one that has ended. Use (await run.result).save().',
  );
}
function isAborted(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ABORTED';
}
function aborted(signal: AbortSignal, last: TrainEvent | undefined, cause: unknown = signal.reason): DendriteError {
  const after = last
    ? `after ${last.done} of ${last.of} ${last.unit === 'batch' ? 'batches' : `${last.unit}s`}`
    : 'before the first unit of work';
  return new DendriteError(
    'ABORTED',
    `fit(): training was stopped by its signal ${after}. To keep the model so far, use run() and stop().`,
    { cause },
  );
}
