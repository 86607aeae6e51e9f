/** TensorFlow.js as a backend, with its packages imported when it is opened. */
import { type Backend, DendriteError } from '@dendrite/spec';
import { provideWebgpu } from '#dawn';
import { backendOf, missing } from './backend-of.ts';
import { openCpu, openWasm, openWebgpu } from './load/open-tfjs.ts';
import type { TfjsOptions, TfjsVariant } from './load/tfjs-options.ts';

/**
 * A backend over TensorFlow.js's routines: `'webgpu'`, `'wasm'` or `'cpu'`. Gradients are Dendrite's; what tfjs lacks or gets
 * wrong is composed from what it gets right (see `tfjsSupport`).
 * Needs `@tensorflow/tfjs-core` and `@tensorflow/tfjs-backend-<variant>` 4.22.0; in Node, `'webgpu'` also `webgpu`. Those of
 * another variant need not be installed. A bundler that insists on resolving them all is content with the subpaths
 * `@dendrite/backend-tfjs/webgpu`, `/wasm` and `/cpu`.
 * @param variant  which of tfjs's backends
 * @param options.wasmPaths  wasm in browsers: where the `.wasm` files are served
 * @param options.threads    wasm on cross-origin isolated pages: number of threads
 * @throws OPTION  for another variant
 * @example
 * import { createRuntime } from '@dendrite/core';
 * import { tfjs } from '@dendrite/backend-tfjs';
 * const runtime = await createRuntime({ backends: [tfjs('wasm')] });
 */
export function tfjs(variant: TfjsVariant, options: TfjsOptions = {}): Backend {
  if (!Object.hasOwn(opens, variant))
    throw new DendriteError('OPTION', `tfjs(): variant must be 'webgpu', 'wasm' or 'cpu', got ${String(variant)}.`);
  return backendOf(variant, () => opens[variant](options));
}

const opens = {
  async webgpu() {
    const lacking = await provideWebgpu();
    if (lacking !== undefined) return { unavailable: lacking };
    try {
      const core = await import('@tensorflow/tfjs-core');
      const webgpu = await import('@tensorflow/tfjs-backend-webgpu');
      return openWebgpu(core, webgpu);
    } catch (error) {
      return missing('webgpu', error);
    }
  },
  async wasm(options: TfjsOptions) {
    try {
      const core = await import('@tensorflow/tfjs-core');
      const wasm = await import('@tensorflow/tfjs-backend-wasm');
      return openWasm(core, wasm, options);
    } catch (error) {
      return missing('wasm', error);
    }
  },
  async cpu() {
    try {
      const core = await import('@tensorflow/tfjs-core');
      const cpu = await import('@tensorflow/tfjs-backend-cpu');
      return openCpu(core, cpu);
    } catch (error) {
      return missing('cpu', error);
    }
  },
};
