/** Kernels that are thunks around `import()`: loaded once, found by their thunk, shared by all runtimes. */
import { definedOps, type Language, type WasmKernel } from '@dendrite/spec';

type Thunk = () => Promise<WasmKernel>;
const loaded = new Map<Thunk, WasmKernel>();

export const loadedKernel = (thunk: Thunk): WasmKernel | undefined => loaded.get(thunk);

/** Awaits the kernels of every defined op in these languages. @throws what an import throws */
export async function loadKernels(languages: readonly Language[]): Promise<void> {
  if (!languages.includes('wasm')) return;
  const missing: Promise<void>[] = [];
  for (const op of definedOps()) {
    const thunk = op.kind === 'expression' ? undefined : op.kernels?.wasm;
    if (thunk !== undefined && !loaded.has(thunk))
      missing.push(
        thunk().then((kernel) => {
          loaded.set(thunk, kernel);
        }),
      );
  }
  if (missing.length > 0) await Promise.all(missing);
}
