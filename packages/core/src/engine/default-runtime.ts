/** The runtime used where nothing names one. Kept under a global key, so that two copies of this package have the same one. */
import type { Runtime } from '@dendrite/spec';
import { CpuDevice } from '../cpu/cpu.ts';
import { Engine } from './engine.ts';

const shared = globalThis as { '~dendrite.runtime'?: Runtime | undefined };

/** What `init()` made; before that, a CPU runtime made on first use. */
export function defaultRuntime(): Runtime {
  return (shared['~dendrite.runtime'] ??= new Engine(new CpuDevice(), [
    { name: 'cpu', taken: true, why: 'nothing else was asked for: init({ backends: [...] }) chooses' },
  ]));
}

/** Makes `runtime` the default; undefined: a CPU runtime again, when one is needed. */
export function setDefaultRuntime(runtime: Runtime | undefined): void {
  shared['~dendrite.runtime'] = runtime;
}

/** Whether `init()` was called: `fit` gives a notice where it was not. */
export const hasDefaultRuntime = (): boolean =>
  shared['~dendrite.runtime'] !== undefined && shared['~dendrite.runtime'].choice.length > 1;
