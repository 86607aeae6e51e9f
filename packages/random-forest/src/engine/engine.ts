/** The engines that grow trees: the memory they grow them in, and the grower of each. */
import type { GrowPlan, Script, TreeGrower } from '../grow/plan.ts';
import { isPlain, wasmGrower } from '../wasm/wasm-grower.ts';
import { layoutOf, makeWorkspace, type Sizes, type Workspace } from '../workspace/workspace.ts';

/** The block that a workspace lies in. */
export type Ground = ArrayBufferLike | WebAssembly.Memory;
export interface ChosenEngine {
  readonly name: 'wasm' | 'js';
  /** Of the workspaces in it. */
  readonly sizes: Sizes;
  readonly ground: Ground;
  readonly module?: WebAssembly.Module;
  /** Who may read the block says so, and calls what this gives once done; then other trees may grow there. */
  readonly hold?: () => () => void;
}

const page = 65536;
export const mostPages = 65536;
export const pagesOf = (sizes: Sizes): number => Math.ceil(layoutOf(sizes).bytes / page);

/** Memory for the workspaces of all growers. */
export function makeGround(sizes: Sizes, wasm: boolean, shared: boolean): Ground {
  const pages = pagesOf(sizes);
  const { bytes } = layoutOf(sizes);
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
  script: Script,
): Promise<TreeGrower> {
  return module && 'buffer' in ground && isPlain(plan)
    ? wasmGrower(module, ground, workspace, plan, script)
    : script.grower();
}

/** Whether the trees of this plan are grown by kernels; else by JavaScript, in the same memory. */
export const growsInWasm = ({ module }: Pick<ChosenEngine, 'module'>, plan: GrowPlan): boolean =>
  module !== undefined && isPlain(plan);
