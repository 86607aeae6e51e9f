/** The WebAssembly that grows trees, compiled once. */
import { bytesOfDigits } from './digits.ts';
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
    const bytes = bytesOfDigits(kernelBytes);
    if (shared) bytes[sharedFlagAt] = 3;
    return WebAssembly.compile(bytes);
  })();
  compiled.set(shared, made);
  return made;
}
