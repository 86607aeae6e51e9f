/**
 * What a worker runs: wait for a job, compile its module if it is new, take parts until none is left. It reaches the worker as
 * text, so it names nothing outside itself, and inside there is nothing that a compiler would bring a function of its own for.
 */
import type { mathNames } from '../device/host-math.ts';
import type { place } from './control-block.ts';

export interface WorkerSetup {
  readonly memory: WebAssembly.Memory;
  /** 1, 2, …; the caller is thread 0. */
  readonly thread: number;
  /** Milliseconds without work until it sleeps. */
  readonly spin: number;
  readonly place: typeof place;
  readonly onePart: number;
  readonly mostCharacters: number;
  /** What kernels import from `math` and Math has. */
  readonly mathNames: typeof mathNames;
}

/** Never returns; ends with the worker. @param mod  `math.mod`, which Math lacks. @param ready  called once, before the first look for work */
export function workerProgram(setup: WorkerSetup, mod: (x: number, y: number) => number, ready: () => void): void {
  const { memory, thread, spin, place, onePart, mostCharacters, mathNames } = setup;
  const words = new Int32Array(memory.buffer, 0, 2048);
  const floats = new Float64Array(memory.buffer, 0, 1024);
  const atomics = Atomics as typeof Atomics & { pause?: () => void };
  const math: Record<string, (x: number, y: number) => number> = { mod };
  for (let i = 0; i < mathNames.length; i++) {
    const name = mathNames[i] as (typeof mathNames)[number];
    math[name] = Math[name];
  }
  const versions: number[] = [];
  const modules: ((...numbers: number[]) => void)[][] = [];
  const given: number[] = [];
  Atomics.add(words, place.started, 1);
  ready();
  /** What `left` was when a part was taken; 0: none is. */
  let taken = 0;
  for (;;) {
    // Sleep until there is something to take.
    let until = 0;
    for (let turn = 1; Atomics.load(words, place.left) < onePart; turn++) {
      if (atomics.pause !== undefined) atomics.pause();
      if (turn % 64 !== 0) continue;
      const now = performance.now();
      if (until === 0) until = now + spin;
      if (now < until) continue;
      const seen = Atomics.load(words, place.left);
      if (seen >= onePart) break;
      Atomics.add(words, place.sleepers, 1);
      Atomics.wait(words, place.left, seen);
      Atomics.sub(words, place.sleepers, 1);
      until = 0;
    }
    taken = 0;
    try {
      // A new module is compiled before a part is taken, so that nobody has to wait for it. Until then the job may go, and another
      // come; so all this may be about none, and an error counts only when a part was taken.
      for (;;) {
        const slot = Atomics.load(words, place.slot);
        const at = place.slots + 4 * slot;
        const version = Atomics.load(words, at);
        if (versions[slot] !== version && version !== 0) {
          const address = Atomics.load(words, at + 1);
          const length = Atomics.load(words, at + 2);
          // Growing by nothing makes this thread see how far the others have grown it.
          if (address + length > memory.buffer.byteLength) memory.grow(0);
          const bytes = new Uint8Array(length);
          bytes.set(new Uint8Array(memory.buffer, address, length));
          if (Atomics.load(words, at) === version) {
            const module = new WebAssembly.Module(bytes);
            const { exports } = new WebAssembly.Instance(module, {
              // Only phases of one call fail, and they do not run here.
              env: { memory, fail: Math.sign },
              math,
            });
            modules[slot] = Object.values(exports) as ((...numbers: number[]) => void)[];
            versions[slot] = version;
          }
        }
        if (taken === 0) {
          taken = Atomics.sub(words, place.left, onePart);
          if (taken < onePart) {
            taken = 0;
            break;
          }
        }
        // What is read from here on belongs to the part that was taken.
        const own = Atomics.load(words, place.slot);
        if (versions[own] !== Atomics.load(words, place.slots + 4 * own)) continue;
        const part = words[place.part] as number;
        // The last of those left: behind it are the workers' own, before all that are left the caller's.
        const begin = (Math.floor(taken / onePart) - 1 + (taken % onePart)) * part;
        const count = words[place.count] as number;
        const scratch = words[place.scratchArgument] as number;
        given.length = 2 + count;
        given[0] = begin;
        given[1] = Math.min(begin + part, words[place.units] as number);
        for (let i = 0; i < count; i++) given[2 + i] = floats[place.numbers + i] as number;
        if (scratch >= 0)
          given[2 + scratch] = (given[2 + scratch] as number) + thread * (words[place.scratchStride] as number);
        const run = (modules[own] as ((...numbers: number[]) => void)[])[words[place.entry] as number];
        Reflect.apply(run as (...numbers: number[]) => void, undefined, given);
        taken = 0;
        Atomics.add(words, place.finished, 1);
        if (Atomics.load(words, place.callerSleeps) === 1) Atomics.notify(words, place.finished);
      }
    } catch (error) {
      if (taken > 0) {
        const text = String(error);
        const length = Math.min(text.length, mostCharacters);
        words[place.message] = length;
        for (let i = 0; i < length; i++) words[place.message + 1 + i] = text.charCodeAt(i);
        Atomics.store(words, place.failed, thread);
        Atomics.add(words, place.finished, 1);
        Atomics.notify(words, place.finished);
      }
    }
  }
}
