/** Browsers bring WebGPU along, or do not have it. */

/** undefined if `navigator.gpu` is there; else why it is not. */
export async function provideWebgpu(): Promise<string | undefined> {
  if (typeof navigator !== 'undefined' && 'gpu' in navigator) return undefined;
  return 'this browser has no WebGPU (or the page is not served over https). Use tfjs("wasm").';
}
