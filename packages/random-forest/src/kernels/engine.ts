/** Which engine grows the trees: chosen when training starts, by what works here. The forests are the same bits. */
import { DendriteError } from '@dendrite/spec';
import type { Engine } from '../options/forest-options.ts';
import { wasmEngine, wasmModule } from '../wasm/wasm-engine.ts';
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
export async function chooseEngine(asked: Engine): Promise<(sizes: Sizes) => EngineChoice> {
  if (asked === 'js') return jsEngine;
  let module: WebAssembly.Module;
  try {
    module = await wasmModule();
  } catch (cause) {
    if (asked === 'auto') return jsEngine;
    throw new DendriteError(
      'BACKEND',
      "fit(): engine 'wasm' must have WebAssembly with SIMD and leave to compile it, got none here. Allow 'wasm-unsafe-eval' in the page's policy, or use engine: 'auto'.",
      { cause },
    );
  }
  return (sizes) => {
    // Exact splits have codes of four bytes, which only the general kernel reads.
    const made = sizes.codeBytes === 1 ? wasmEngine(module, sizes) : undefined;
    return made ? { name: 'wasm', ...made } : jsEngine(sizes);
  };
}
