/** Binning in WebAssembly: in the plot of a grower, before it grows trees. */
import type { Column } from '@dendrite/spec';
import { type Binning, jsBinning, transposed } from '../binning/binning.ts';
import { type Bins, binsOfValues, quantileBins, sampleSize } from '../binning/bins.ts';
import { gridOf } from '../binning/cells.ts';
import { encodeColumn, fewValues, writeCodes } from '../binning/encode-column.ts';
import { mostBins } from '../binning/quantile-edges.ts';
import type { Workspace } from '../workspace/workspace.ts';

type GridValues = readonly [edges: number, first: number, low: number, scale: number, cells: number];
type Encode = (...values: readonly [...GridValues, values: number, count: number, out: number]) => void;
interface Exports {
  transpose(from: number, to: number, rows: number, columns: number): void;
  /** Into `to`, by way of `room`, where the values themselves may lie. */
  sort(values: number, to: number, room: number, counts: number, count: number): void;
  /** How many values differ, `mostBins + 1` at most; those are written. */
  few(sorted: number, count: number, out: number): number;
  /** How many edges; the centers follow at the end of 256 of them. */
  edges(sorted: number, count: number, out: number): number;
  gather(
    from: number,
    width: number,
    begin: number,
    rows: number,
    picks: number,
    first: number,
    end: number,
    columns: number,
    to: number,
    stride: number,
  ): void;
  /** Whether all were bytes; `count` is a multiple of 16. */
  bytes(from: number, to: number, count: number): number;
  counts(bytes: number, count: number, out: number): void;
  translate(at: number, count: number, table: number): void;
  grid(...values: readonly [...GridValues, edgeCount: number]): void;
  encodeFloats: Encode;
  encodeDoubles: Encode;
}

export function wasmBinning(module: WebAssembly.Module, memory: WebAssembly.Memory, workspace: Workspace): Binning {
  const { layout, rows, features, codes, rowCodes } = workspace;
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const kernels = made as Exports;
  const { buffer } = memory;
  const { entries, spare, stack } = layout;
  const edgesHere = new Float64Array(buffer, stack, 256);
  const firstAt = stack + edgesHere.byteLength;
  const centersHere = new Float64Array(buffer, firstAt, 256);
  const countsHere = new Uint32Array(buffer, stack, 256);
  /** Where values lie in this memory as numbers of this kind, to which others are copied first. */
  const placed = (values: Column['values'], kind: typeof Float32Array | typeof Float64Array, at: number): number => {
    if (values instanceof kind && values.buffer === buffer) return values.byteOffset;
    new kind(buffer, at, values.length).set(values);
    return at;
  };
  const binning: Binning = {
    ...jsBinning(),
    bins(values) {
      const room = entries + 4 * rows;
      const count = values.length;
      kernels.sort(placed(values, Float32Array, room), entries, room, stack, count);
      const few = values instanceof Float32Array ? kernels.few(entries, count, stack) : count;
      if (few <= mostBins) return binsOfValues(edgesHere.slice(0, few));
      const edges = edgesHere.slice(0, kernels.edges(entries, count, stack));
      const bins = edges.length + 1;
      return { kind: 'number', edges, centers: centersHere.slice(0, bins), count: bins, missing: mostBins };
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
    encodeRows(data, known, where) {
      // Rows come here some at a time, and some of their columns go where the trees will work.
      const slab = Math.floor((2 * rows) / features);
      if (!(data instanceof Float32Array) || rowCodes.length > 0 || slab === 0) return undefined;
      const here = new Float32Array(buffer, entries, slab * features);
      const picks = Math.min(rows, sampleSize);
      const most = Math.min(features, Math.floor((layout.histogram - spare) / (4 * picks)));
      const bins: Bins[] = [];
      for (let first = 0; first < features; first += most) {
        const columns = Math.min(most, features - first);
        /** Of `count` rows from `begin` on, `parts` at equal distances. */
        const gather = (begin: number, count: number, parts: number): void => {
          for (let at = 0; at < count; at += slab) {
            const end = Math.min(count, at + slab);
            here.set(data.subarray((begin + at) * features, (begin + end) * features));
            const [from, to] = [Math.ceil((at * parts) / count), Math.ceil((end * parts) / count)];
            const [width, stride] = [4 * features, 4 * picks];
            kernels.gather(entries + 4 * first, width, at, count, parts, from, to, columns, spare, stride);
          }
        };
        const columnOf = (f: number, length: number): Column => {
          const values = new Float32Array(buffer, spare + 4 * picks * (f - first), length);
          return { name: `x${f}`, kind: 'number', values };
        };
        gather(0, rows, picks);
        for (let f = first; f < first + columns; f++)
          bins.push(known?.[f] ?? quantileBins(columnOf(f, picks), binning));
        for (let begin = 0; begin < rows; begin += picks) {
          const count = Math.min(picks, rows - begin);
          if (picks < rows) gather(begin, count, count);
          for (let f = first; f < first + columns; f++)
            encodeColumn(columnOf(f, count), bins[f] as Bins, codes, f * rows + begin, 1, where, binning);
        }
      }
      return bins;
    },
    transpose(from, to, count) {
      if (from.buffer !== buffer) return transposed(from, to, count, 0, 0);
      const columns = to.length / count;
      kernels.transpose(from.byteOffset, to.byteOffset, count, columns);
      transposed(from, to, count, count - (count % 8), columns - (columns % 8));
    },
    bytes(numbers, to) {
      // Through the room of the entries, some numbers at a time; sixteen are written where as many have room.
      const room = new Float32Array(buffer, entries, 2 * rows - ((2 * rows) % 16));
      for (let at = 0; at < numbers.length; at += room.length) {
        const part = numbers.subarray(at, at + room.length);
        room.set(part);
        const count = 16 * Math.ceil(part.length / 16);
        room.fill(0, part.length, count);
        if (kernels.bytes(entries, to.byteOffset + at, count) === 0) return false;
      }
      return true;
    },
    counts(bytes) {
      kernels.counts(bytes.byteOffset, bytes.length, stack);
      return countsHere;
    },
    translate(bytes, table) {
      new Uint8Array(buffer, stack, 256).set(table);
      kernels.translate(bytes.byteOffset, bytes.length, stack);
    },
  };
  return binning;
}
