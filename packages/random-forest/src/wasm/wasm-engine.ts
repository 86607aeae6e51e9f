/** The WebAssembly engine: a workspace in a module's memory, and kernels that read it there. */
import { jsKernels } from '../kernels/js-kernels.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { binLanes, layoutOf, makeWorkspace, type Sizes, type Workspace } from '../workspace/workspace.ts';
import { header } from './header.ts';
import { kernelBytes } from './kernels.gen.ts';

interface Exports {
  scanBinary(codes: number, begin: number, end: number): number;
  scanClasses(codes: number, begin: number, end: number): number;
  scanNumber(codes: number, begin: number, end: number): number;
  partition(codes: number, begin: number, end: number, cut: number): number;
}
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
  const at: Readonly<Record<keyof typeof header, number>> = {
    ...layout,
    classes: sizes.classes,
    stride: 4 * binLanes(sizes.classes),
  };
  for (const [name, word] of Object.entries(header)) words[word] = at[name as keyof typeof header];
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const { scanBinary, scanClasses, scanNumber, partition } = made as Exports;
  const { rows, totals, target } = workspace;
  const { codes } = layout;
  const inScript = jsKernels(workspace);
  const scanSeveral: Kernels['scan'] = (begin, end, feature) => {
    let weight = 0;
    for (let k = 0; k < totals.length; k++) weight += totals[k] as number;
    return weight < heavy ? scanClasses(codes + feature * rows, begin, end) : inScript.scan(begin, end, feature);
  };
  const scan: Kernels['scan'] =
    target === 'binary'
      ? (begin, end, feature) => scanBinary(codes + feature * rows, begin, end)
      : target === 'number'
        ? (begin, end, feature) => scanNumber(codes + feature * rows, begin, end)
        : scanSeveral;
  return {
    workspace,
    kernels: {
      scan,
      partition: (begin, end, feature, cut) => partition(codes + feature * rows, begin, end, cut),
    },
  };
}
