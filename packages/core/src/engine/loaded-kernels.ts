/** Kernels that are thunks around `import()`: loaded once, found by their thunk, shared by all runtimes. */
import { definedOps, type Language, type WasmKernel } from '@dendrite/spec';

export type Thunk = () => Promise<WasmKernel>;
const loaded = new Map<Thunk, WasmKernel>();

export const loadedKernel = (thunk: Thunk): WasmKernel | undefined => loaded.get(thunk);

/** Awaits these. @throws what an import throws */
export async function loadKernels(thunks: Iterable<Thunk>): Promise<void> {
  await Promise.all(
    [...thunks].map(async (thunk) => {
      if (!loaded.has(thunk)) loaded.set(thunk, await thunk());
    }),
  );
}

/** Those of every defined op in these languages that have not been loaded. */
export function kernelsToLoad(languages: readonly Language[]): Thunk[] {
  const found: Thunk[] = [];
  if (!languages.includes('wasm')) return found;
  for (const op of definedOps()) {
    const thunk = op.kind === 'expression' ? undefined : op.kernels?.wasm;
    if (thunk !== undefined && !loaded.has(thunk)) found.push(thunk);
  }
  return found;
}
