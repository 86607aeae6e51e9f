/** Binning in WebAssembly: in the plot of a grower, before it grows trees. */
import type { Column } from '@dendrite/spec';
import { type Binning, sortedCopy, transposed } from '../binning/binning.ts';
import { translate, writeBytes } from '../binning/bytes.ts';
import { gridOf } from '../binning/cells.ts';
import { fewValues, writeCodes } from '../binning/encode-column.ts';
import { quantileEdges } from '../binning/quantile-edges.ts';
import type { Workspace } from '../workspace/workspace.ts';

type GridValues = readonly [edges: number, first: number, low: number, scale: number, cells: number];
type Encode = (...values: readonly [...GridValues, values: number, count: number, out: number]) => void;
interface Exports {
  transpose(from: number, to: number, rows: number, columns: number): void;
  /** Into `to`, by way of `room`, where the values themselves may lie. */
  sort(values: number, to: number, room: number, counts: number, count: number): void;
  /** How many edges. */
  edges(sorted: number, count: number, out: number): number;
  /** Whether all were bytes; `count` is a multiple of 16. */
  bytes(from: number, to: number, count: number): number;
  /** `count` is a multiple of 8. */
  translate(at: number, count: number, table: number): void;
  grid(...values: readonly [...GridValues, edgeCount: number]): void;
  encodeFloats: Encode;
  encodeDoubles: Encode;
}

export function wasmBinning(module: WebAssembly.Module, memory: WebAssembly.Memory, workspace: Workspace): Binning {
  const { layout, rows, codes } = workspace;
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const kernels = made as Exports;
  const { entries, stack } = layout;
  const edgesHere = new Float64Array(memory.buffer, stack, 256);
  const firstAt = stack + edgesHere.byteLength;
  /** Where values lie in this memory as numbers of this kind, to which others are copied first. */
  const placed = (values: Column['values'], kind: typeof Float32Array | typeof Float64Array, at: number): number => {
    if (values instanceof kind && values.buffer === memory.buffer) return values.byteOffset;
    new kind(memory.buffer, at, values.length).set(values);
    return at;
  };
  return {
    sorted(values) {
      if (values.length > rows) return sortedCopy(values);
      const room = entries + 4 * rows;
      kernels.sort(placed(values, Float32Array, room), entries, room, stack, values.length);
      return new Float32Array(memory.buffer, entries, values.length);
    },
    edges(sorted) {
      if (sorted.buffer !== memory.buffer) return quantileEdges(sorted);
      return edgesHere.slice(0, kernels.edges(sorted.byteOffset, sorted.length, stack));
    },
    encode(values, edges, out, at, stride) {
      const fits = out === codes && stride === 1 && values.length <= rows && edges.length < edgesHere.length;
      if (!fits || values.length < fewValues) return writeCodes(values, edges, out, at, stride);
      edgesHere.fill(Number.POSITIVE_INFINITY);
      edgesHere.set(edges);
      const { low, scale, cells } = gridOf(edges);
      const grid = [stack, firstAt, low, scale, cells] as const;
      kernels.grid(...grid, edges.length);
      const [kind, encode] =
        values instanceof Float32Array
          ? ([Float32Array, kernels.encodeFloats] as const)
          : ([Float64Array, kernels.encodeDoubles] as const);
      encode(...grid, placed(values, kind, entries), values.length, layout.codes + at);
    },
    transpose(from, to, count) {
      if (from.buffer !== memory.buffer) return transposed(from, to, count, 0, 0);
      const columns = to.length / count;
      kernels.transpose(from.byteOffset, to.byteOffset, count, columns);
      transposed(from, to, count, count - (count % 8), columns - (columns % 8));
    },
    bytes(numbers, to) {
      if (!(numbers instanceof Float32Array) || to.buffer !== memory.buffer) return writeBytes(numbers, to);
      // Through the room of the entries, some numbers at a time.
      const room = new Float32Array(memory.buffer, entries, 2 * rows - ((2 * rows) % 16));
      const end = numbers.length - (numbers.length % 16);
      for (let at = 0; at < end; at += room.length) {
        const part = numbers.subarray(at, Math.min(end, at + room.length));
        room.set(part);
        if (kernels.bytes(entries, to.byteOffset + at, part.length) === 0) return false;
      }
      return writeBytes(numbers, to, end);
    },
    translate(bytes, table) {
      const count = bytes.length - (bytes.length % 8);
      new Uint8Array(memory.buffer, stack, 256).set(table);
      kernels.translate(bytes.byteOffset, count, stack);
      translate(bytes.subarray(count), table);
    },
  };
}
