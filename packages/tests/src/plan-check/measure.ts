/** One training, planned and then done: bytes and seconds of both. */
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import type { Callback, Runtime, SavedModel, TrainingPlan } from '@dendrite/spec';
import type { Workload } from './workloads.ts';

export interface Compared {
  readonly plan: TrainingPlan;
  readonly epochs: number;
  readonly bytes: number;
  readonly seconds: number;
}

const open = (): Promise<Runtime> => createRuntime({ backends: [wasm()], fallback: false });

/** @param seconds  so long shall a network's training take, about; 0: one epoch of some of the rows, and no trial */
export async function compare({ make, kind }: Workload, width: number, seconds: number): Promise<Compared> {
  const { model, data } = make(width, seconds === 0 ? 0.3 : 1);
  const common = { seed: 3, validation: 0.1 };
  // Both on a fresh runtime, so that neither has the other's memory or warm kernels.
  const planned = await open();
  const options = (epochs: number) => ({ ...common, ...(kind === 'net' && { epochs }) });
  const first = await model.plan(data, { ...options(1), runtime: planned, trial: kind === 'net' ? seconds / 4 : 0 });
  const epoch = first.units * (first.trial?.secondsPerUnit ?? Number.POSITIVE_INFINITY);
  const epochs = kind === 'net' ? Math.max(1, Math.round(seconds / epoch)) : 1;
  const plan = await model.plan(data, { ...options(epochs), runtime: planned, trial: seconds === 0 ? 0 : 1 });
  await planned.dispose();
  const runtime = await open();
  const memories = watchMemories();
  const started = performance.now();
  let last: Promise<SavedModel> | undefined;
  const keepLast: Callback = {
    name: 'last',
    on({ done, of }, run) {
      if (kind === 'forest' && done === of) last = run.checkpoint();
    },
  };
  const fitted = await model.fit(data, { ...options(epochs), runtime, callbacks: [keepLast] });
  const took = (performance.now() - started) / 1000;
  memories.stop();
  const grown = await last;
  const bytes = grown ? memories.bytes() + sizeOf(grown) : runtime.device.memory().peak;
  fitted.dispose();
  await runtime.dispose();
  return { plan, epochs, bytes, seconds: took };
}

/** Counts the WebAssembly memories that are made meanwhile: the workspace of a forest is one. */
function watchMemories(): { bytes(): number; stop(): void } {
  const { Memory } = WebAssembly;
  const made: WebAssembly.Memory[] = [];
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      made.push(this);
    }
  };
  return {
    bytes: () => made.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
    stop() {
      WebAssembly.Memory = Memory;
    },
  };
}

/** Of the arrays that a checkpoint holds: trees, and votes of the rows out of bag. */
function sizeOf({ arrays }: SavedModel): number {
  return Object.values(arrays).reduce((sum, { data }) => sum + data.byteLength, 0);
}
