/** Which engine grows the trees: chosen when training starts, by what works here. */
import type { Engine } from '../options/forest-options.ts';
import { makeWorkspace, type Sizes, type Workspace } from '../workspace/workspace.ts';
import { jsKernels } from './js-kernels.ts';
import type { Kernels } from './kernels.ts';

export interface EngineChoice {
  readonly name: 'wasm' | 'js';
  readonly workspace: Workspace;
  readonly kernels: Kernels;
}

export function jsEngine(sizes: Sizes): EngineChoice {
  const workspace = makeWorkspace(sizes);
  return { name: 'js', workspace, kernels: jsKernels(workspace) };
}

/** @throws BACKEND  where `'wasm'` is asked for and does not run here */
export async function chooseEngine(_asked: Engine): Promise<(sizes: Sizes) => EngineChoice> {
  return jsEngine;
}
