/** Kernels that are thunks around `import()`: loaded once, found by their thunk, shared by all runtimes. */
import { definedOps, type JsKernel, type Kernels, type Language, type WasmKernel } from '@dendrite/spec';

export type Thunk = () => Promise<JsKernel | WasmKernel>;
const loaded = new Map<Thunk, JsKernel | WasmKernel>();

/** The kernel, or undefined while it has not come. */
export const kernelAtHand = (given: NonNullable<Kernels[Language]>): JsKernel | WasmKernel | undefined =>
  typeof given === 'function' ? loaded.get(given) : given;

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
  for (const op of definedOps())
    for (const language of languages) {
      const given = op.kind === 'expression' ? undefined : op.kernels?.[language];
      if (typeof given === 'function' && !loaded.has(given)) found.push(given);
    }
  return found;
}
