/**
 * A run: pulls training forward event by event, tells callbacks, and ends in one of three ways: the fitted model, an
 * error, or ABORTED. However it ends, the training generator's `finally` blocks have run, and no write is under way.
 */
import type { Callback, CallbackRun, Checkpoint, FitRun, ProgressEvent } from '@dendrite/spec';
import type { Keeper } from '../checkpoints/keeper.ts';
import type { RunRecord } from '../checkpoints/run-record.ts';
import type { CheckpointParts, TrainEvent, TrainTask } from '../definition/definition.ts';
import type { AnyCore } from '../fitted/trained.ts';
import { breather } from './breathe.ts';
import type { Consumer, Events } from './consumer.ts';
import { noMemory } from './no-memory.ts';

/** What is said where a run ends otherwise than by its end: most pages never need it. */
const runErrors = (): Promise<typeof import('./run-errors.ts')> => import('./run-errors.ts');
/** What hands events to a `for await`: most pages are told of them by `onProgress`. */
const consumers = (): Promise<typeof import('./consumer.ts')> => import('./consumer.ts');

/** What a run has told and decided, for a checkpoint. */
export interface SoFar extends Omit<RunRecord, 'terms' | 'remembered'> {
  readonly remembered?: AnyCore;
}
/** What a run needs once its data are ready. */
export interface Session<F> {
  readonly training: AsyncIterator<TrainEvent, AnyCore, void>;
  /** Of a run that goes on: what was told and decided before. */
  readonly before?: SoFar;
  readonly keeper?: Keeper;
  checkpoint(parts: CheckpointParts, soFar: SoFar): Promise<Checkpoint>;
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
type BestAt = (at: Checkpoint['cursor']) => SoFar['best'];

/** What a run is to its training. */
export interface RunState extends Pick<TrainTask, 'stopping' | 'watched'> {
  /** What callbacks get. */
  readonly handle: CallbackRun;
}

/** `begin` is called when the run starts. */
export function makeRun<F>(
  begin: (run: RunState) => Promise<Session<F>>,
  { signal, callbacks, onProgress, name, resumable }: RunOptions,
): FitRun<F> {
  const breathe = breather();
  const history: ProgressEvent[] = [];
  const waiting: Waiting[] = [];
  /** There as soon as somebody iterates; until it is loaded, training waits. */
  let consumer: Promise<Consumer> | undefined;
  let result: Promise<F> | undefined;
  let session: Session<F> | undefined;
  let reason: string | undefined;
  /** The reason, where a callback gave it: then it is part of the run, and holds when the run goes on elsewhere. */
  let decided: string | undefined;
  /** The event that training is halted at; snapshots are only legal meanwhile. */
  let halted: TrainEvent | undefined;
  let last: Pick<TrainEvent, 'unit' | 'done' | 'of'> | undefined;
  let seconds = 0;
  let remembered: AnyCore | undefined;
  /** Models that were remembered until a better one came; they may still be being read. */
  let outdone: AnyCore[] = [];
  let snapshots: Promise<unknown>[] = [];
  let over = false;

  const wake = (): void => void consumer?.then((who) => who.wake());
  const stop = (why = 'stopped'): void => {
    reason ??= why;
    wake();
  };
  const start = (): Promise<F> => {
    if (result === undefined) {
      result = drive();
      // An error that only the iterating consumer sees must not count as unhandled too.
      result.catch(() => {});
    }
    return result;
  };
  const checkAborted = async (): Promise<void> => {
    if (signal?.aborted) throw (await runErrors()).aborted(signal, last);
  };

  const takeCheckpoint = (bestAt?: BestAt): Promise<Checkpoint> => {
    const taken = (async () => {
      if (!halted?.checkpoint || !session) throw (await runErrors()).noSnapshot(name, halted?.unit);
      const parts = await halted.checkpoint();
      const best = bestAt?.(parts.cursor);
      return session.checkpoint(parts, {
        history: history.slice(),
        seconds,
        ...(decided !== undefined && { stopped: decided }),
        ...(remembered && { remembered }),
        ...(best && { best }),
      });
    })();
    snapshots.push(taken);
    return taken;
  };
  const handle: CallbackRun = {
    stop(why = 'stopped') {
      decided ??= reason === undefined ? why : undefined;
      stop(why);
    },
    async checkpoint() {
      if (!resumable) throw (await runErrors()).notResumable(name);
      return takeCheckpoint();
    },
    remember() {
      if (!halted?.snapshot) throw noMemory(name, halted?.unit);
      const fresh = halted.snapshot();
      // A model that never changes may give itself every time.
      if (remembered && remembered !== fresh) outdone.push(remembered);
      remembered = fresh;
    },
  };
  /** Waits until nothing of the model is being read any more. */
  const letGo = async (): Promise<void> => {
    await Promise.allSettled(snapshots);
    snapshots = [];
    for (const core of outdone) core.dispose?.();
    outdone = [];
  };

  const watched = (): boolean =>
    callbacks.some(({ skipsBatches = false }) => !skipsBatches) ||
    onProgress !== undefined ||
    consumer !== undefined ||
    session?.keeper !== undefined ||
    waiting.length > 0;

  async function handleEvent({ keeper }: Session<F>, event: ProgressEvent): Promise<void> {
    if (event.unit !== 'batch') {
      // A notice is for those who watch this process; a run that goes on would have one more.
      const { notice: _, ...told } = event;
      history.push(told);
    }
    for (const callback of callbacks) {
      if (event.unit === 'batch' && callback.skipsBatches) continue;
      const acting = callback.on(event, handle);
      if (acting !== undefined) await acting;
    }
    onProgress?.(event);
    if (halted?.checkpoint) {
      for (const { resolve } of waiting.splice(0)) resolve(takeCheckpoint());
      const ends = reason !== undefined || (event.unit !== 'batch' && event.done === event.of);
      await keeper?.see(event, ends, takeCheckpoint);
    }
    if (consumer) (await consumer).deliver(event);
  }

  async function train(began: Session<F>): Promise<AnyCore> {
    const startedAt = performance.now() - 1000 * seconds;
    for (;;) {
      if (consumer) await (await consumer).turn(() => reason !== undefined || signal?.aborted === true);
      // A snapshot that is still being read must be done before training changes what it reads.
      if (snapshots.length > 0 || outdone.length > 0) await letGo();
      if (signal?.aborted) await checkAborted();
      halted = undefined;
      const next = await began.training.next();
      if (next.done) return next.value;
      halted = last = next.value;
      const { unit, done, of, examples, metrics, notice } = next.value;
      if (signal?.aborted) await checkAborted();
      seconds = (performance.now() - startedAt) / 1000;
      const said = notice === undefined ? undefined : { notice };
      await handleEvent(began, { unit, done, of, examples, metrics, ...said, seconds });
      const turn = breathe();
      if (turn !== undefined) await turn;
    }
  }

  async function drive(): Promise<F> {
    signal?.addEventListener('abort', wake);
    let core: AnyCore | undefined;
    try {
      await checkAborted();
      session = await begin({ stopping: () => reason !== undefined, watched, handle });
      const { before, keeper } = session;
      if (before) {
        history.push(...before.history);
        ({ seconds, remembered } = before);
        last = history.at(-1);
        if (before.stopped !== undefined) handle.stop(before.stopped);
      }
      core = await train(session);
      await checkAborted();
      await keeper?.settle();
      const early = reason !== undefined && (last === undefined || last.done < last.of);
      if (remembered && remembered !== core) {
        core.dispose?.();
        core = remembered;
      }
      const fitted = await session.finish(core, history, early ? reason : undefined);
      over = true;
      for (const { reject } of waiting.splice(0)) reject((await runErrors()).finished());
      (await consumer)?.end();
      return fitted;
    } catch (error) {
      over = true;
      // What was wrong must be told even where no text for it can be loaded.
      const cause = signal?.aborted
        ? await runErrors().then(
            ({ asAborted }) => asAborted(signal, last, error),
            () => error,
          )
        : error;
      await letGo();
      // Errors on the way out must not hide the one that ended the run.
      await session?.keeper?.settle().catch(() => {});
      await session?.training.return?.().catch(() => {});
      if (core !== remembered) core?.dispose?.();
      remembered?.dispose?.();
      for (const { reject } of waiting.splice(0)) reject(cause);
      (await consumer)?.fail(cause);
      throw cause;
    } finally {
      halted = undefined;
      signal?.removeEventListener('abort', wake);
    }
  }

  async function openConsumer(): Promise<Consumer> {
    const late = over;
    const made = (await consumers()).makeConsumer();
    if (late) await start().then(made.end, made.fail);
    return made;
  }
  function iterate(): Events {
    let events: Promise<Events> | undefined;
    const open = (): Promise<Events> => {
      consumer ??= openConsumer();
      return (events ??= consumer.then((who) => who.iterator(start, () => stop('break'))));
    };
    return { next: async () => (await open()).next(), return: async () => (await open()).return() };
  }

  return {
    get result() {
      return start();
    },
    stop,
    async checkpoint() {
      if (!resumable) throw (await runErrors()).notResumable(name);
      if (over) throw (await runErrors()).finished();
      if (halted?.checkpoint) return takeCheckpoint();
      return new Promise<Checkpoint>((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
    },
    [Symbol.asyncIterator]: iterate,
  };
}
