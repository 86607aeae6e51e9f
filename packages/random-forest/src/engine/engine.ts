/** Which engine grows the trees: chosen when training starts, by what works here. The forests are the same bits. */
import { DendriteError } from '@dendrite/spec';
import { type Binning, jsBinning } from '../binning/binning.ts';
import type { GrowPlan, OpenScript, TreeGrower } from '../grow/plan.ts';
import type { Engine } from '../options/forest-options.ts';
import { wasmBinning } from '../wasm/wasm-binning.ts';
import { isPlain, wasmGrower } from '../wasm/wasm-grower.ts';
import { wasmModule } from '../wasm/wasm-module.ts';
import { layoutOf, makeWorkspace, type Sizes, type Workspace } from '../workspace/workspace.ts';

/** The block that a workspace lies in. */
export type Ground = ArrayBufferLike | WebAssembly.Memory;
export interface ChosenEngine {
  readonly name: 'wasm' | 'js';
  readonly ground: Ground;
  readonly module?: WebAssembly.Module;
}

const page = 65536;
const mostPages = 65536;

/**
 * @param shared  the block can be seen by workers
 * @throws BACKEND  where `'wasm'` is asked for and does not run here
 */
export async function openEngine(asked: Engine, sizes: Sizes, shared: boolean): Promise<ChosenEngine> {
  const pages = Math.ceil(layoutOf(sizes).bytes / page);
  // Exact splits have codes of four bytes, which JavaScript alone reads; and the data must fit into 4 GiB.
  if (asked !== 'js' && sizes.codeBytes === 1 && pages <= mostPages) {
    try {
      const module = await wasmModule(shared);
      return { name: 'wasm', module, ground: makeGround(sizes, true, shared) };
    } catch (cause) {
      if (asked === 'wasm')
        throw new DendriteError(
          'BACKEND',
          "fit(): engine 'wasm' must have WebAssembly with SIMD and leave to compile it, got none here. Allow 'wasm-unsafe-eval' in the page's policy, or use engine: 'auto'.",
          { cause },
        );
    }
  }
  return { name: 'js', ground: makeGround(sizes, false, shared) };
}

/** Memory for the workspaces of all growers. */
export function makeGround(sizes: Sizes, wasm: boolean, shared: boolean): Ground {
  const { bytes } = layoutOf(sizes);
  const pages = Math.ceil(bytes / page);
  if (wasm) return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  return shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}

/** The plot of one grower. */
export const plotOf = (ground: Ground, sizes: Sizes, grower: number): Workspace =>
  makeWorkspace(sizes, 'buffer' in ground ? ground.buffer : ground, grower);

export async function makeGrower(
  { ground, module }: Pick<ChosenEngine, 'ground' | 'module'>,
  workspace: Workspace,
  plan: GrowPlan,
  script: OpenScript,
): Promise<TreeGrower> {
  return module && 'buffer' in ground && isPlain(plan) ? wasmGrower(module, ground, workspace, plan, script) : script();
}

/** Binning for the field behind this plot. */
export function binningOf({ ground, module }: Pick<ChosenEngine, 'ground' | 'module'>, workspace: Workspace): Binning {
  return module && 'buffer' in ground ? wasmBinning(module, ground, workspace) : jsBinning;
}
