/** The WebAssembly module, compiled once. */
import { kernelBytes, sharedFlagAt } from './kernels.gen.ts';

const compiled = new Map<boolean, Promise<WebAssembly.Module>>();

/**
 * For a memory that is shared between threads, or not: one byte tells the two apart. Rejects where WebAssembly, SIMD or the
 * permission to compile is missing.
 */
export function wasmModule(shared = false): Promise<WebAssembly.Module> {
  const known = compiled.get(shared);
  if (known) return known;
  const made = (async () => {
    const bytes = new Uint8Array(kernelBytes.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(kernelBytes.slice(2 * i, 2 * i + 2), 16);
    if (shared) bytes[sharedFlagAt] = 3;
    return WebAssembly.compile(bytes);
  })();
  compiled.set(shared, made);
  return made;
}
