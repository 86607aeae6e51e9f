/** The WebAssembly engine: a workspace in a module's memory, and kernels that read it there. */
import { jsKernels } from '../kernels/js-kernels.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { binLanes, layoutOf, makeWorkspace, type Sizes, type Workspace } from '../workspace/workspace.ts';
import { header, mostVectors } from './header.ts';
import { kernelBytes } from './kernels.gen.ts';

type Scan = (codes: number, begin: number, end: number) => number;
type Exports = Readonly<Record<string, Scan>> & {
  partition(codes: number, begin: number, end: number, cut: number): number;
};
const page = 65536;
/** Weights at which 16-bit lanes would overflow. */
const heavy = 2 ** 15;

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels' module, compiled once; rejects where WebAssembly, SIMD or the permission to compile is missing. */
export function wasmModule(): Promise<WebAssembly.Module> {
  compiled ??= (async () =>
    WebAssembly.compile(Uint8Array.from(atob(kernelBytes), (letter) => letter.charCodeAt(0))))();
  return compiled;
}

/** Undefined where the data do not fit into 4 GiB of memory. */
export function wasmEngine(
  module: WebAssembly.Module,
  sizes: Sizes,
): { readonly workspace: Workspace; readonly kernels: Kernels } | undefined {
  const layout = layoutOf(sizes);
  const pages = Math.ceil(layout.bytes / page);
  if (pages > 65536) return undefined;
  const memory = new WebAssembly.Memory({ initial: pages });
  const workspace = makeWorkspace(sizes, memory.buffer);
  const words = new Uint32Array(memory.buffer, 0, 16);
  for (const [name, word] of Object.entries(header)) words[word] = layout[name as keyof typeof header];
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const exported = made as Exports;
  const { rows, totals, target, result, classes } = workspace;
  const { codes } = layout;
  const script = jsKernels(workspace);
  const vectors = binLanes(classes) / 4;
  const several = vectors <= mostVectors;
  const name = target === 'binary' ? 'scanBinary' : target === 'number' ? 'scanNumber' : `scanClasses${vectors}`;
  const native = target === 'classes' && !several ? undefined : exported[name];
  const lanes = new Int32Array(memory.buffer, layout.scratch, classes + 1);
  let light = target !== 'classes';
  return {
    workspace,
    kernels: {
      enter() {
        script.enter();
        if (target !== 'classes' || !several) return;
        light = (result[2] as number) < heavy;
        for (let k = 0; k < classes; k++) lanes[k + 1] = totals[k] as number;
      },
      scan: (begin, end, feature) =>
        light && native ? native(codes + feature * rows, begin, end) : script.scan(begin, end, feature),
      partition: (begin, end, feature, cut) => exported.partition(codes + feature * rows, begin, end, cut),
    },
  };
}
