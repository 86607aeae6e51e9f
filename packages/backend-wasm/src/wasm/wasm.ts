/** The WASM backend as a program asks for it. */
import { type Backend, DendriteError } from '@dendrite/spec';
import { WasmDevice } from '../device/wasm-device.ts';
import { findFeatures } from '../features/features.ts';
import { largestMemory } from '../memory/wasm-pool.ts';
import { whyOneThread } from '../threads/why-one-thread.ts';
import { version } from '../version.ts';

export interface WasmOptions {
  /** Relaxed SIMD where the host has it: faster, and bits may differ between kinds of processors. Default true. */
  readonly relaxed?: boolean;
  /** Bytes of memory at most, from 1 MiB. Default 2 GiB. */
  readonly memoryLimit?: number;
  /**
   * Threads that share the work, the calling one among them, 1 to 64; the bits of a result do not depend on it. Default: as many as
   * the host has cores, at most 8. Where there can be but one, `details` of the opened device says why.
   */
  readonly threads?: number;
  /**
   * What is shared among threads: `'work'`, what takes them longer than sharing it does; `'always'`, everything that can be, and
   * workers do most of it, which is slow and tests kernels. Default `'work'`.
   */
  readonly split?: 'work' | 'always';
  /**
   * Which run of a call with the same shapes gets a kernel that has them baked in, where there is one for all shapes too: those before
   * take that one. 1: the first. Emitting a kernel takes milliseconds; the bits are the same. Default 3.
   */
  readonly specializeFrom?: number;
}

/** Threads that are not asked for by number. */
const mostCores = 8;
const mostThreads = 64;

/**
 * SIMD kernels that are emitted when they are first needed, in one memory, on all cores. Nothing is downloaded and nothing built.
 * Where there is no WebAssembly, or none with SIMD, it declines and says so.
 * @throws OPTION  for an unknown option or a value out of its range
 * @example
 * import { wasm } from '@dendrite/backend-wasm';
 * import { createRuntime } from '@dendrite/core';
 * const runtime = await createRuntime({ backends: [wasm()] });
 * runtime.name; // 'wasm'
 */
export function wasm(options: WasmOptions = {}): Backend {
  if (typeof options !== 'object' || options === null)
    throw new DendriteError(
      'OPTION',
      `wasm(): options must be an object, got ${String(options)}. Write wasm({ threads: 1 }).`,
    );
  const {
    relaxed = true,
    memoryLimit = largestMemory,
    threads,
    split = 'work',
    specializeFrom = 3,
    ...unknown
  } = options;
  const [strange] = Object.keys(unknown);
  if (strange !== undefined)
    throw new DendriteError(
      'OPTION',
      `wasm(): options must be relaxed, memoryLimit, threads, split or specializeFrom, got '${strange}'. Leave it out.`,
    );
  if (typeof relaxed !== 'boolean')
    throw new DendriteError('OPTION', `wasm(): relaxed must be true or false, got ${String(relaxed)}.`);
  if (typeof memoryLimit !== 'number' || !(memoryLimit >= 2 ** 20 && memoryLimit <= 2 ** 31))
    throw new DendriteError(
      'OPTION',
      `wasm(): memoryLimit must be a number of bytes from 2²⁰ to 2³¹, got ${String(memoryLimit)}.`,
    );
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= mostThreads))
    throw new DendriteError('OPTION', `wasm(): threads must be a whole number from 1 to 64, got ${String(threads)}.`);
  if (split !== 'work' && split !== 'always')
    throw new DendriteError('OPTION', `wasm(): split must be 'work' or 'always', got ${String(split)}.`);
  if (!(Number.isInteger(specializeFrom) && specializeFrom >= 1))
    throw new DendriteError(
      'OPTION',
      `wasm(): specializeFrom must be a whole number of at least 1, got ${String(specializeFrom)}.`,
    );
  return {
    '~dendrite': 'backend',
    meta: { name: 'wasm', version, api: 1 },
    async open({ signal } = {}) {
      if (signal?.aborted) throw new DendriteError('ABORTED', 'wasm(): opening was aborted.', { cause: signal.reason });
      const features = findFeatures();
      if (features === undefined)
        return {
          unavailable: 'this host has no WebAssembly (node --jitless, or a locked-down browser); allow it there',
        };
      if (!features.simd) return { unavailable: 'the WebAssembly of this host has no SIMD; use a newer one' };
      if (features.forbidden !== undefined)
        return {
          unavailable: `WebAssembly may not be compiled here (${features.forbidden}); add 'wasm-unsafe-eval' to script-src of the page's content security policy`,
        };
      const most = Math.min(memoryLimit, largestMemory);
      const asked = threads ?? Math.min(mostCores, globalThis.navigator?.hardwareConcurrency ?? 1);
      const reason = asked > 1 ? whyOneThread() : '';
      const several = asked > 1 && reason === '' ? await import('../threads/several-threads.ts') : undefined;
      let device: WasmDevice;
      try {
        device = new WasmDevice({
          target: { relaxed: relaxed && features.relaxed },
          memoryLimit: most,
          threads: asked,
          several,
          reason,
          always: split === 'always',
          specializeFrom,
        });
      } catch (error) {
        // The host reserves what a shared memory may ever grow to.
        if (!(error instanceof RangeError)) throw error;
        return {
          unavailable: `the host could not set ${most} bytes aside (${error.message}); dispose() runtimes that are not used, or give wasm() a smaller memoryLimit`,
        };
      }
      await device.opened();
      return device;
    },
  };
}
