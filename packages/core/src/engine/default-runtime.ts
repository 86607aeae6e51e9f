/** The runtime used where nothing names one. Kept under a global key, so that two copies of this package have the same one. */
import type { Runtime } from '@dendrite/spec';
import { CpuDevice } from '../cpu/cpu.ts';
import { Engine } from './engine.ts';

interface Shared {
  /** What `init()` made. */
  chosen?: Runtime | undefined;
  /** Made on first use where nothing was chosen. */
  fallback?: Runtime | undefined;
}
const holder = globalThis as { '~dendrite.runtime'?: Shared };
const shared = (): Shared => (holder['~dendrite.runtime'] ??= {});

/** What `init()` made; before that, a CPU runtime made on first use. */
export function defaultRuntime(): Runtime {
  const { chosen } = shared();
  if (chosen) return chosen;
  return (shared().fallback ??= new Engine(new CpuDevice(), [
    { name: 'cpu', taken: true, why: 'nothing else was asked for: init({ backends: [...] }) chooses' },
  ]));
}

/** Makes `runtime` the default; undefined: a CPU runtime again, when one is needed. */
export function setDefaultRuntime(runtime: Runtime | undefined): void {
  shared().chosen = runtime;
}

/** Whether a default was chosen with `init()`: `fit` gives a notice where none was. */
export const hasDefaultRuntime = (): boolean => shared().chosen !== undefined;
