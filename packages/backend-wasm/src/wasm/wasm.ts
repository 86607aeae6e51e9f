/** The WASM backend as a program asks for it. */
import { type Backend, DendriteError } from '@dendrite/spec';
import { WasmDevice } from '../device/wasm-device.ts';
import { findFeatures } from '../features/features.ts';
import { largestMemory } from '../memory/wasm-pool.ts';

export interface WasmOptions {
  /** Relaxed SIMD where the host has it: faster, and bits may differ between kinds of processors. Default true. */
  readonly relaxed?: boolean;
  /** Bytes of memory at most, from 1 MiB. Default 2 GiB. */
  readonly memoryLimit?: number;
}

/**
 * SIMD kernels that are emitted when they are first needed, in one memory, on one thread. Nothing is downloaded and nothing built.
 * Where there is no WebAssembly, or none with SIMD, it declines and says so.
 * @throws OPTION  for an unknown option or a value out of its range
 * @example
 * import { wasm } from '@dendrite/backend-wasm';
 * import { createRuntime } from '@dendrite/core';
 * const runtime = await createRuntime({ backends: [wasm()] });
 * runtime.name; // 'wasm'
 */
export function wasm(options: WasmOptions = {}): Backend {
  const { relaxed = true, memoryLimit = largestMemory, ...unknown } = options;
  const [strange] = Object.keys(unknown);
  if (strange !== undefined)
    throw new DendriteError(
      'OPTION',
      `wasm(): options must be relaxed or memoryLimit, got '${strange}'. Leave it out.`,
    );
  if (typeof relaxed !== 'boolean')
    throw new DendriteError('OPTION', `wasm(): relaxed must be true or false, got ${String(relaxed)}.`);
  if (!(memoryLimit >= 2 ** 20 && memoryLimit <= 2 ** 31))
    throw new DendriteError('OPTION', `wasm(): memoryLimit must be from 2²⁰ to 2³¹ bytes, got ${String(memoryLimit)}.`);
  return {
    '~dendrite': 'backend',
    meta: { name: 'wasm', version: '0.1.0', api: 1 },
    async open({ signal } = {}) {
      if (signal?.aborted) throw new DendriteError('ABORTED', 'wasm(): opening was aborted.', { cause: signal.reason });
      const features = findFeatures();
      if (features === undefined)
        return {
          unavailable: 'this host has no WebAssembly (node --jitless, or a locked-down browser); allow it there',
        };
      if (!features.simd) return { unavailable: 'the WebAssembly of this host has no SIMD; use a newer one' };
      const target = { relaxed: relaxed && features.relaxed };
      return new WasmDevice(target, Math.min(memoryLimit, largestMemory));
    },
  };
}
