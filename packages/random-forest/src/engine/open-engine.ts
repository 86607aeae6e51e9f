/** Which engine grows the trees of a fit: chosen when training starts, by what works here. The forests are the same bits. */
import { type Binning, jsBinning } from '../binning/binning.ts';
import type { Engine } from '../options/forest-options.ts';
import { variantFor } from '../wasm/variant.ts';
import { wasmModule } from '../wasm/wasm-module.ts';
import type { Sizes, Workspace } from '../workspace/workspace.ts';
import { type ChosenEngine, makeGround, mostPages, pagesOf } from './engine.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const scripted = () => import('../grow/scripted.ts');
const fitErrors = () => import('../forest/fit-errors.ts');
const reusing = () => import('./used-memory.ts');

/** Less memory, 1 MB, is not worth handing on; and of memory that workers see one may still be at a tree that nobody waits for. */
const fewPages = 16;
/** Fewer values are binned by JavaScript before a module for it would have come. */
const fewValues = 20_000;

/**
 * @param shared  the block can be seen by workers
 * @throws BACKEND  where `'wasm'` is asked for and does not run here
 */
export async function openEngine(asked: Engine, sizes: Sizes, shared: boolean): Promise<ChosenEngine> {
  // Exact splits have codes of four bytes, which JavaScript alone reads; and the data must fit into 4 GiB.
  if (asked !== 'js' && sizes.codeBytes === 1 && pagesOf(sizes) <= mostPages) {
    try {
      const used = shared || pagesOf(sizes) < fewPages ? undefined : reusing();
      const module = await wasmModule(variantFor(sizes), shared);
      const block = (await used)?.memoryFor(sizes) ?? { ground: makeGround(sizes, true, shared) };
      return { name: 'wasm', sizes, module, ...block };
    } catch (cause) {
      if (asked === 'wasm') throw (await fitErrors()).noWasm(cause);
    }
  }
  // JavaScript reads column by column, and counts votes elsewhere.
  const own = { ...sizes, group: 1, votes: 0 };
  return { name: 'js', sizes: own, ground: makeGround(own, false, shared) };
}

/** Binning for the field behind this plot. */
export async function binningFor(
  { ground, module }: ChosenEngine,
  workspace: Workspace,
  shared: boolean,
): Promise<Binning> {
  if (workspace.rows * workspace.features < fewValues) return jsBinning();
  if (!module || !('buffer' in ground)) return jsBinning((await scripted()).manyFloats());
  const [{ wasmBinning }, kernels] = await Promise.all([
    import('../wasm/wasm-binning.ts'),
    wasmModule('binning', shared),
  ]);
  return wasmBinning(kernels, ground, workspace);
}
