/** Runtimes: the first backend that works here, with the reasons for those that do not. */
import { type Backend, type BackendChoice, DendriteError, type Device, type Runtime } from '@dendrite/spec';
import { cpu } from '../cpu/cpu.ts';
import { setDefaultRuntime } from './chosen-runtime.ts';
import { Engine } from './engine.ts';

export interface RuntimeOptions {
  /** In order of preference; `cpu()` is always behind them. Default: none. */
  readonly backends?: readonly Backend[];
  /** false: where none of `backends` works, throw and say why not, instead of computing on the CPU. Default true. */
  readonly fallback?: boolean;
  readonly signal?: AbortSignal;
  /**
   * `'all'`: the kernels of every op that is imported are loaded here, so that any of them can be called at once. `'as needed'`: none;
   * `fit`, `predict` and `evaluate` load those of what they run, and code of your own says `await runtime.load(() => step(x))` before
   * it. A page then fetches less. Default `'all'`.
   */
  readonly kernels?: 'all' | 'as needed';
}

/**
 * Opens the first backend that works here. A software adapter (SwiftShader, …) is taken only where its backend is the only one
 * asked for.
 * @throws OPTION  if something in `backends` is not a backend, or `kernels` is neither; BACKEND if none works and `fallback` is false; ABORTED
 * @example
 * import { createRuntime, cpu } from '@dendrite/core';
 * const runtime = await createRuntime({ backends: [cpu()] });
 * runtime.name; // 'cpu'
 */
export async function createRuntime({
  backends = [],
  fallback = true,
  signal,
  kernels = 'all',
  ...unknown
}: RuntimeOptions = {}): Promise<Runtime> {
  const [strange] = Object.keys(unknown);
  if (strange !== undefined)
    throw new DendriteError(
      'OPTION',
      `createRuntime(): options must be backends, fallback, signal or kernels, got '${strange}'. Leave it out.`,
    );
  if (!Array.isArray(backends))
    throw new DendriteError(
      'OPTION',
      `createRuntime(): backends must be a list, got ${typeof backends}. Write backends: [wasm()].`,
    );
  if (kernels !== 'all' && kernels !== 'as needed')
    throw new DendriteError(
      'OPTION',
      `createRuntime(): kernels must be 'all' or 'as needed', got '${String(kernels)}'. Leave it out for 'all'.`,
    );
  const choice: BackendChoice[] = [];
  let taken: Device | undefined;
  for (const backend of backends)
    if (backend?.['~dendrite'] !== 'backend')
      throw new DendriteError(
        'OPTION',
        `createRuntime(): backends must be a list of backends, got ${typeof backend}. Call the factory: backends: [wasm()], not [wasm].`,
      );
  for (const backend of fallback ? [...backends, cpu()] : backends) {
    const { name } = backend.meta;
    if (backend.meta.api !== 1) {
      choice.push({
        name,
        taken: false,
        why: `it speaks version ${String(backend.meta.api)} of the backend contract, this core version 1`,
      });
      continue;
    }
    if (taken) {
      choice.push({ name, taken: false, why: `${taken.name} comes first and works` });
      continue;
    }
    if (signal?.aborted)
      throw new DendriteError('ABORTED', 'createRuntime(): opening was aborted.', { cause: signal.reason });
    const opened = await backend.open(signal ? { signal } : {});
    if ('unavailable' in opened) choice.push({ name, taken: false, why: opened.unavailable });
    else if (opened.software && backends.length > 1) {
      choice.push({
        name,
        taken: false,
        why: `${opened.details} is a software adapter; name this backend alone to use it`,
      });
      await opened.dispose();
    } else {
      taken = opened;
      choice.push({ name: opened.name, taken: true, why: opened.details });
    }
  }
  if (!taken)
    throw new DendriteError(
      'BACKEND',
      `createRuntime(): one of the backends asked for must work here, got none of ${choice.length}: ${choice.map(({ name, why }) => `${name} (${why})`).join('; ')}. cpu() always works: put it behind them, or leave out fallback: false.`,
    );
  const runtime = new Engine(taken, choice, kernels);
  if (kernels === 'all') await runtime.load();
  return runtime;
}

/** Makes a runtime the default: the one used where no tensor, key or option names another. Options as `createRuntime`. */
export async function init(options?: RuntimeOptions): Promise<Runtime> {
  const runtime = await createRuntime(options);
  setDefaultRuntime(runtime);
  return runtime;
}
