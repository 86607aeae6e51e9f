/** Binning in WebAssembly: in the plot of a grower, before it grows trees. */
import type { Column } from '@dendrite/spec';
import { type Binning, jsBinning, transposed } from '../binning/binning.ts';
import { type Bins, binsOfValues, quantileBins, sampleSize } from '../binning/bins.ts';
import { gridOf } from '../binning/cells.ts';
import { encodeColumn } from '../binning/encode-column.ts';
import { mostBins } from '../binning/quantile-edges.ts';
import { fewValues, writeCodes } from '../binning/write-codes.ts';
import type { Workspace } from '../workspace/workspace.ts';

type GridValues = readonly [edges: number, first: number, low: number, scale: number, cells: number];
type Encode = (...values: readonly [...GridValues, values: number, count: number, out: number, stride: number]) => void;
type ColumnValues = readonly [bytes: number, stride: number, count: number];
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
  group(from: number, width: number, rows: number, to: number, stride: number): void;
  translate(...values: readonly [...ColumnValues, table: number]): void;
  /** How many edges. The centers follow; the bytes become codes. */
  binBytes(...values: readonly [...ColumnValues, edges: number]): number;
  grid(...values: readonly [...GridValues, edgeCount: number]): void;
  encodeFloats: Encode;
  encodeDoubles: Encode;
}

export function wasmBinning(module: WebAssembly.Module, memory: WebAssembly.Memory, workspace: Workspace): Binning {
  const { layout, rows, features, group, codes, rowCodes } = workspace;
  // The emitter beside this file wrote the module.
  const made: unknown = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const kernels = made as Exports;
  const { buffer } = memory;
  const { entries, spare, stack } = layout;
  const edgesHere = new Float64Array(buffer, stack, 256);
  const firstAt = stack + edgesHere.byteLength;
  const centersHere = new Float64Array(buffer, firstAt, 256);
  const binsHere = (edgeCount: number): Bins => {
    const edges = edgesHere.slice(0, edgeCount);
    const count = edgeCount + 1;
    return { kind: 'number', edges, centers: centersHere.slice(0, count), count, missing: mostBins };
  };
  /** Where values lie in this memory as numbers of this kind, to which others are copied first. */
  const placed = (values: Column['values'], kind: typeof Float32Array | typeof Float64Array, at: number): number => {
    if (values instanceof kind && values.buffer === buffer) return values.byteOffset;
    new kind(buffer, at, values.length).set(values);
    return at;
  };
  /** Whether all are bytes, which are then at `to`. The room has a multiple of sixteen places. */
  const toBytes = (numbers: Float32Array, room: Float32Array, to: number): boolean => {
    const count = 16 * Math.ceil(numbers.length / 16);
    room.set(numbers);
    room.fill(0, numbers.length, count);
    return kernels.bytes(room.byteOffset, to, count) !== 0;
  };
  const binning: Binning = {
    ...jsBinning(),
    bins(values) {
      const room = entries + 4 * rows;
      const count = values.length;
      kernels.sort(placed(values, Float32Array, room), entries, room, stack, count);
      const few = values instanceof Float32Array ? kernels.few(entries, count, stack) : count;
      if (few <= mostBins) return binsOfValues(edgesHere.slice(0, few));
      return binsHere(kernels.edges(entries, count, stack));
    },
    encode(values, edges, out, at, stride) {
      const fits = out === codes && values.length <= rows && edges.length < edgesHere.length;
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
      encode(...grid, placed(values, kind, entries), values.length, layout.codes + at, stride);
    },
    encodeRows(data, known, where) {
      // Rows come here some at a time, and some of their columns go where the trees will work.
      const slab = Math.floor((2 * rows) / features);
      if (!(data instanceof Float32Array) || rowCodes.length > 0 || group > 1 || slab === 0) return undefined;
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
      for (let at = 0; at < numbers.length; at += room.length)
        if (!toBytes(numbers.subarray(at, at + room.length), room, to.byteOffset + at)) return false;
      return true;
    },
    grouped(data) {
      // Some rows at a time, through the room of the entries; what is no byte yet becomes one where nodes will be.
      const isBytes = data instanceof Uint8Array;
      const most = Math.floor((2 * rows) / (features / (isBytes ? 4 : 1)));
      const room = new Float32Array(buffer, entries, 16 * Math.ceil((most * features) / 16));
      for (let first = 0; first < rows; first += most) {
        const count = Math.min(most, rows - first);
        const part = data.subarray(first * features, (first + count) * features);
        if (part instanceof Uint8Array) new Uint8Array(buffer, entries, part.length).set(part);
        else if (!(part instanceof Float32Array && toBytes(part, room, layout.feature))) return false;
        const from = isBytes ? entries : layout.feature;
        kernels.group(from, features, count, layout.codes + group * first, group * rows);
      }
      return true;
    },
    binBytes: (at) => binsHere(kernels.binBytes(layout.codes + at, group, rows, stack)),
    translate(at, table) {
      new Uint8Array(buffer, stack, 256).set(table);
      kernels.translate(layout.codes + at, group, rows, stack);
    },
  };
  return binning;
}
