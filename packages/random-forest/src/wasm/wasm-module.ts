/** The WebAssembly that bins columns and grows trees, loaded and compiled once. */
import { bytesOfText } from './bytes-of-text.ts';
import type { VariantName } from './variant.ts';

interface Shipped {
  readonly kernels: string;
  /** Which byte tells a memory that is shared between threads from one that is not. */
  readonly sharedFlagAt: number;
}
const shipped: Readonly<Record<VariantName | 'binning', () => Promise<Shipped>>> = {
  binning: () => import('./binning.gen.ts'),
  number: () => import('./number.gen.ts'),
  binary: () => import('./binary.gen.ts'),
  'binary-heavy': () => import('./binary-heavy.gen.ts'),
  'classes-8': () => import('./classes-8.gen.ts'),
  'classes-8-heavy': () => import('./classes-8-heavy.gen.ts'),
  'classes-16': () => import('./classes-16.gen.ts'),
  'classes-16-heavy': () => import('./classes-16-heavy.gen.ts'),
  'classes-many': () => import('./classes-many.gen.ts'),
};
const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** Rejects where WebAssembly, SIMD or the permission to compile is missing. */
export function wasmModule(name: keyof typeof shipped, shared: boolean): Promise<WebAssembly.Module> {
  const key = `${name} ${shared}`;
  const known = compiled.get(key);
  if (known) return known;
  const made = (async () => {
    const { kernels, sharedFlagAt } = await shipped[name]();
    const bytes = bytesOfText(kernels);
    if (shared) bytes[sharedFlagAt] = 3;
    return WebAssembly.compile(bytes);
  })();
  compiled.set(key, made);
  return made;
}
