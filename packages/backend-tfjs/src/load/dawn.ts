/** Node: WebGPU comes from the `webgpu` package (Dawn), unless the program has set `navigator.gpu` itself. */
import { messageOf } from './open-tfjs.ts';

/** undefined once `navigator.gpu` and its classes are there; else why they are not. */
export async function provideWebgpu(): Promise<string | undefined> {
  if (globalThis.navigator?.gpu) return undefined;
  try {
    const { create, globals } = await import('webgpu');
    const gpu = create([]);
    Object.assign(globalThis, globals);
    Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
    return undefined;
  } catch (error) {
    return `Node has no WebGPU of its own and the package webgpu could not be loaded (${messageOf(error)}). Install it: npm install webgpu`;
  }
}
