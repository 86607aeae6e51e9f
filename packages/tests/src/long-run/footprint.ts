/** What this process holds, and whether that grows: memory after a collection, buffers of a device, threads, listeners and handles. */
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Runtime } from '@dendrite/spec';

export interface Footprint {
  /** JavaScript objects, after a collection. */
  readonly heap: number;
  /** Array buffers outside the heap. */
  readonly arrays: number;
  /** Of the process; includes WebAssembly memories and the stacks of threads. */
  readonly rss: number;
  /** Of the runtime that is used throughout. */
  readonly device: number;
  readonly pooled: number;
  readonly buffers: number;
  readonly tensors: number;
  /** Threads that live now. */
  readonly workers: number;
  readonly listeners: number;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

export interface Watch {
  look(runtime: Runtime): Promise<Footprint>;
  /** Threads that were started so far. */
  readonly started: number;
  /** What holds the event loop now, by its kind. */
  handles(): readonly string[];
  stop(): void;
}

/** Counts threads from now on, and listeners of `signal` and of the process. */
export function watch(signal: AbortSignal): Watch {
  const threads = process.getBuiltinModule('node:worker_threads');
  const { Worker } = threads;
  let workers = 0;
  let started = 0;
  threads.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      workers++;
      started++;
      this.once('exit', () => {
        workers--;
      });
      // A listener holds the process; whoever made the worker decides about that.
      this.unref();
    }
  };
  return {
    async look(runtime) {
      // What a collection finds may be freed by callbacks of later turns; and ended threads say so in one.
      for (let i = 0; i < 3; i++) {
        collect();
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
      }
      const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
      const { live, pooled, buffers } = runtime.device.memory();
      const names = process.eventNames();
      return {
        heap: heapUsed,
        arrays: arrayBuffers,
        rss,
        device: live,
        pooled,
        buffers,
        tensors: runtime.live().tensors,
        workers,
        listeners:
          getEventListeners(signal, 'abort').length + names.reduce((sum, name) => sum + process.listenerCount(name), 0),
      };
    },
    get started() {
      return started;
    },
    handles: () => process.getActiveResourcesInfo(),
    stop() {
      threads.Worker = Worker;
    },
  };
}
