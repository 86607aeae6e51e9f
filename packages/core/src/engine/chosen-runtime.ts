/**
 * The runtime used where nothing names one. Kept under a global key, so that two copies of this package have the same one.
 * `defaultRuntime()`, which waits for nothing, is a file of its own: who never calls it does not carry the CPU device.
 */
import type { Device, Runtime } from '@dendrite/spec';
import { Engine } from './engine.ts';

interface Shared {
  /** What `init()` made. */
  chosen?: Runtime | undefined;
  /** Made on first use where nothing was chosen. */
  fallback?: Runtime | undefined;
}
const holder = globalThis as { '~dendrite.runtime'?: Shared };
const shared = (): Shared => (holder['~dendrite.runtime'] ??= {});

/** Makes `runtime` the default; undefined: a CPU runtime again, when one is needed. */
export function setDefaultRuntime(runtime: Runtime | undefined): void {
  shared().chosen = runtime;
}

/** Whether a default was chosen with `init()`: `fit` gives a notice where none was. */
export const hasDefaultRuntime = (): boolean => chosenRuntime() !== undefined;

/** What `init()` made. */
export const chosenRuntime = (): Runtime | undefined => shared().chosen;

/** The one on the CPU, made on first use. */
export const fallbackRuntime = (Cpu: new () => Device): Runtime =>
  (shared().fallback ??= new Engine(new Cpu(), [
    { name: 'cpu', taken: true, why: 'nothing else was asked for: init({ backends: [...] }) chooses' },
  ]));

/** As `defaultRuntime()`, for who may wait: the CPU is loaded only where nothing was chosen. */
export const loadDefaultRuntime = async (): Promise<Runtime> =>
  chosenRuntime() ?? fallbackRuntime((await import('../cpu/cpu-device.ts')).CpuDevice);
