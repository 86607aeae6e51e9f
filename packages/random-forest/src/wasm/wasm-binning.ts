/** Binning in WebAssembly: in the plot of a grower, before it grows trees. */
import { type Binning, transposed } from '../binning/binning.ts';
import { cellsOf } from '../binning/cells.ts';
import { writeCodes } from '../binning/encode-column.ts';
import { sortedFloats } from '../binning/sort-floats.ts';
import type { Workspace } from '../workspace/workspace.ts';

type Encode = (
  values: number,
  count: number,
  edges: number,
  first: number,
  out: number,
  low: number,
  scale: number,
  cells: number,
) => void;
interface Exports {
  transpose(from: number, to: number, rows: number, columns: number): void;
  sort(from: number, to: number, counts: number, count: number): void;
  encodeFloats: Encode;
  encodeDoubles: Encode;
}

export function wasmBinning(module: WebAssembly.Module, memory: WebAssembly.Memory, workspace: Workspace): Binning {
  const { layout, rows, codes } = workspace;
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const kernels = made as Exports;
  const { entries, spare, stack } = layout;
  const edgesHere = new Float64Array(memory.buffer, stack, 256);
  const firstAt = stack + edgesHere.byteLength;
  return {
    sorted(values) {
      if (values.length > rows) return sortedFloats(values);
      const to = entries + 4 * rows;
      new Float32Array(memory.buffer, entries, values.length).set(values);
      kernels.sort(entries, to, stack, values.length);
      return new Float32Array(memory.buffer, to, values.length);
    },
    encode(values, edges, out, at, stride) {
      if (out !== codes || stride !== 1 || values.length > rows || edges.length >= edgesHere.length)
        return writeCodes(values, edges, out, at, stride);
      edgesHere.fill(Number.POSITIVE_INFINITY);
      edgesHere.set(edges);
      const { first, low, scale, cells } = cellsOf(edges, values.length);
      new Uint8Array(memory.buffer, firstAt, first.length).set(first);
      const floats = values instanceof Float32Array;
      new (floats ? Float32Array : Float64Array)(memory.buffer, spare, values.length).set(values);
      kernels[floats ? 'encodeFloats' : 'encodeDoubles'](
        spare,
        values.length,
        stack,
        firstAt,
        layout.codes + at,
        low,
        scale,
        cells,
      );
    },
    transpose(from, to, count) {
      const columns = to.length / count;
      kernels.transpose(layout.codes, layout.rowCodes, count, columns);
      transposed(from, to, count, count - (count % 8), columns - (columns % 8));
    },
  };
}
