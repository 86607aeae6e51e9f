// TensorFlow.js as a peer, with its gradients. Under Node's module loader its packages have none: the file that registers
// them is not part of the entry for Node, and imports its neighbours without file extensions. Here that file is loaded with
// a hook that adds the extensions, which is what a bundler's user gets.
import { registerHooks } from 'node:module';
import type * as Tfjs from '@tensorflow/tfjs-core';

/** tfjs's own backends. */
export type TfjsBackendName = 'cpu' | 'wasm' | 'webgpu';

/** tfjs with gradients and the named backend in use, or why it cannot be had. */
export async function loadTfjs(
  backend: TfjsBackendName,
): Promise<{ readonly tf: typeof Tfjs } | { readonly missing: string }> {
  try {
    const tf = await import('@tensorflow/tfjs-core');
    tf.enableProdMode(); // no checks that slow it down, no greeting
    await registerGradients();
    if (backend === 'webgpu') await provideWebgpu();
    await packages[backend]();
    await tf.setBackend(backend);
    await tf.ready();
    if (tf.getBackend() !== backend) return { missing: `its ${backend} backend did not open` };
    return { tf };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

const packages: Readonly<Record<TfjsBackendName, () => Promise<unknown>>> = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
};

/** Node has no WebGPU of its own. tfjs looks for it when its package is imported. */
async function provideWebgpu(): Promise<void> {
  if (globalThis.navigator.gpu) return;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]), configurable: true });
}

/** Once a process; later calls find the module loaded. */
async function registerGradients(): Promise<void> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      context.parentURL?.includes('/@tensorflow/tfjs-core/') && specifier.startsWith('.') && !specifier.endsWith('.js')
        ? { url: new URL(`${specifier}.js`, context.parentURL).href, format: 'module', shortCircuit: true }
        : next(specifier, context),
  });
  try {
    // A name in a variable: the types of that file are nobody's business.
    const file: string = '@tensorflow/tfjs-core/dist/register_all_gradients.js';
    await import(file);
  } finally {
    hooks.deregister();
  }
}
