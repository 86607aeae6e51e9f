/** The threads of a device: workers beside the caller, and how a job is shared out among them. */
import { DendriteError } from '@dendrite/spec';
import { mathNames } from '../device/host-math.ts';
import type { Entry } from '../device/kernel-modules.ts';
import { controlBytes, mostCharacters, mostNumbers, onePart, place } from './control-block.ts';
import { type Job, runPart } from './job.ts';
import type { WorkerHandle, WorkerStarter } from './start-worker.ts';

export interface CrewOptions {
  /** Shared; its first `controlBytes` are the crew's. */
  readonly memory: WebAssembly.Memory;
  /** The caller among them; at least 2. */
  readonly threads: number;
  readonly start: WorkerStarter;
  /** Parts of a job that the caller takes at most where there are workers; for tests of them. Default: as many as it can. */
  readonly callerParts?: number;
  /** Milliseconds that a worker may take for one part. Default 20,000. */
  readonly deadline?: number;
}

/** Milliseconds a worker looks out for the next job before it sleeps. Waking it costs 0.1 ms. */
const spin = 0.25;
/** Times the caller looks whether the others have finished before it sleeps. */
const patience = 4096;
/** Milliseconds of the caller's sleep between two looks at the clock. */
const nap = 1000;
/** Workers that ended by themselves are replaced so many times. */
const mostDeaths = 8;

export class Crew {
  readonly threads: number;
  /** Resolves when each worker has started, or has not been able to. */
  readonly settled: Promise<void>;
  private readonly options: CrewOptions;
  private readonly callerParts: number;
  private readonly words: Int32Array;
  private readonly floats: Float64Array;
  private readonly workers = new Map<number, WorkerHandle>();
  private deaths = 0;
  private closed = false;
  private trouble = '';

  /** Starts the workers. Jobs are done without those that are still starting. */
  constructor(options: CrewOptions) {
    this.options = options;
    this.threads = options.threads;
    this.callerParts = options.callerParts ?? Number.POSITIVE_INFINITY;
    this.words = new Int32Array(options.memory.buffer, 0, controlBytes / 4);
    this.floats = new Float64Array(options.memory.buffer, 0, controlBytes / 8);
    this.settled = this.startAll();
  }

  /** Threads that there are, the caller among them. */
  get alive(): number {
    return 1 + this.workers.size;
  }
  /** Why there are fewer than were asked for; empty while there are as many. */
  get reason(): string {
    return this.alive < this.threads ? this.trouble : '';
  }

  /** Tells the workers where the bytes of a slot's module lie. Version 0: there is none. */
  publish(slot: number, version: number, address: number, length: number): void {
    const at = place.slots + 4 * slot;
    Atomics.store(this.words, at, 0);
    Atomics.store(this.words, at + 1, address);
    Atomics.store(this.words, at + 2, length);
    Atomics.store(this.words, at, version);
  }

  /**
   * Runs all parts of a job. `given` is begin and end, which are overwritten, then what all parts get alike; a thread's own scratch
   * there is the caller's.
   * @throws BACKEND  if a part failed in a worker, or a worker died within one
   */
  run(job: Job, entry: Entry, given: number[]): void {
    const { words } = this;
    if (this.workers.size === 0 || given.length - 2 > mostNumbers) {
      for (let i = 0; i < job.parts; i++) runPart(job, entry, given, i);
      return;
    }
    this.describe(job, given);
    Atomics.store(words, place.finished, 0);
    Atomics.store(words, place.left, job.parts * onePart);
    if (Atomics.load(words, place.sleepers) > 0) Atomics.notify(words, place.left, job.parts - 1);
    const most = Atomics.load(words, place.started) > 0 ? this.callerParts : job.parts;
    let others = job.parts;
    try {
      while (job.parts - others < most) {
        const left = Atomics.sub(words, place.left, onePart - 1);
        if (left < onePart) break;
        others--;
        runPart(job, entry, given, left % onePart);
      }
    } catch (error) {
      // Parts that nobody has taken stay undone.
      others -= Math.max(0, Math.floor(Atomics.exchange(words, place.left, 0) / onePart));
      this.join(others);
      throw error;
    }
    this.join(others);
    if (Atomics.load(words, place.failed) !== 0) this.throwFailure(job.module.name);
  }

  async dispose(): Promise<void> {
    this.closed = true;
    await this.endAll();
  }

  private describe(job: Job, given: readonly number[]): void {
    const { words, floats } = this;
    const count = given.length - 2;
    words[place.slot] = job.module.slot;
    words[place.entry] = job.entry;
    words[place.units] = job.units;
    words[place.part] = job.part;
    words[place.count] = count;
    words[place.scratchArgument] = job.scratchArgument;
    words[place.scratchStride] = job.scratchStride;
    for (let i = 0; i < count; i++) floats[place.numbers + i] = given[2 + i] as number;
  }

  /** Waits until the workers have finished so many parts. */
  private join(parts: number): void {
    const { words } = this;
    for (let turn = 0; turn < patience; turn++) {
      if (Atomics.load(words, place.finished) >= parts) return;
      (Atomics as Pausing).pause?.();
    }
    Atomics.store(words, place.callerSleeps, 1);
    const { deadline = 20_000 } = this.options;
    const until = performance.now() + deadline;
    for (;;) {
      const finished = Atomics.load(words, place.finished);
      if (finished >= parts) break;
      Atomics.wait(words, place.finished, finished, Math.min(nap, deadline));
      if (performance.now() > until && Atomics.load(words, place.finished) === finished) this.giveUp();
    }
    Atomics.store(words, place.callerSleeps, 0);
  }

  private async startAll(): Promise<void> {
    await Promise.all(Array.from({ length: this.threads - 1 }, (_, i) => this.start(1 + i)));
  }

  private start(thread: number): Promise<void> {
    return new Promise((settle) => {
      const { memory, start } = this.options;
      const handle = start(
        { memory, thread, spin, place, onePart, mostCharacters, mathNames },
        {
          ready: settle,
          ended: (reason) => {
            settle();
            if (this.closed || this.workers.get(thread) !== handle) return;
            this.workers.delete(thread);
            this.trouble = reason;
            if (++this.deaths <= mostDeaths) void this.start(thread);
            else this.trouble = `${reason}; after ${mostDeaths} that ended no more are started`;
          },
        },
      );
      this.workers.set(thread, handle);
    });
  }

  private async endAll(): Promise<void> {
    const ending = [...this.workers.values()];
    this.workers.clear();
    await Promise.all(ending.map((worker) => worker.end()));
  }

  private throwFailure(name: string): never {
    const { words } = this;
    const thread = Atomics.exchange(words, place.failed, 0);
    const length = words[place.message] ?? 0;
    const text = String.fromCharCode(...words.subarray(place.message + 1, place.message + 1 + length));
    throw new DendriteError(
      'BACKEND',
      `${name}: thread ${thread} must finish its part of the wasm kernel, got ${text}. What it computed is lost.`,
    );
  }

  /** A worker died within a part, and what it should have written is not there. All are ended, then started anew. */
  private giveUp(): never {
    const { words } = this;
    void this.endAll().then(() => {
      words.fill(0, place.finished, place.failed + 1);
      return this.closed ? undefined : this.startAll();
    });
    throw new DendriteError(
      'BACKEND',
      `wasm: a worker must finish its part of a kernel within ${(this.options.deadline ?? 20_000) / 1000} s, got no answer. What it computed is lost; go on from a checkpoint. New workers are started.`,
    );
  }
}

type Pausing = typeof Atomics & { pause?(): void };
