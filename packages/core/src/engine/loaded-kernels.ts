/** Kernels that are thunks around `import()`: loaded once, found by their thunk, shared by all runtimes. */
import { type Device, definedOps, type JsKernel, type Kernels, type Language, type WasmKernel } from '@dendrite/spec';

export type Thunk = () => Promise<unknown>;
const loaded = new Map<Thunk, unknown>();

/** What the thunk gave, or undefined while it has not come. */
export const atHand = <T>(thunk: () => Promise<T>): T | undefined => loaded.get(thunk) as T | undefined;

/** The kernel, or undefined while it has not come. */
export const kernelAtHand = (given: NonNullable<Kernels[Language]>): JsKernel | WasmKernel | undefined =>
  typeof given === 'function' ? atHand<JsKernel | WasmKernel>(given) : given;

/** The loop in JavaScript for formulas that a device does not lower. */
export const expressionLoop = (): Promise<typeof import('../cpu/expression-loop.ts').expressionLoop> =>
  import('../ops/primitives.js-kernels.ts').then((m) => m.expressionLoop);

/** Awaits these. @throws what an import throws */
export async function loadAll(thunks: Iterable<Thunk>): Promise<void> {
  await Promise.all(
    [...thunks].map(async (thunk) => {
      if (!loaded.has(thunk)) loaded.set(thunk, await thunk());
    }),
  );
}

/** What a device of these languages may ask of any defined op and has not been loaded; `own` are kernels that it has itself. */
export function kernelsToLoad({ languages, jsKernels: own }: Pick<Device, 'languages' | 'jsKernels'>): Thunk[] {
  const found: Thunk[] = languages.includes('js') && own === undefined ? [expressionLoop] : [];
  for (const op of definedOps())
    for (const language of languages) {
      const given =
        op.kind === 'expression' || (language === 'js' && own?.[op.name]) ? undefined : op.kernels?.[language];
      if (typeof given === 'function' && !loaded.has(given)) found.push(given);
    }
  return found;
}
