/**
 * Bins and codes of a table whose columns are the elements of rows in one array. Some columns at a time are gathered in a room that
 * is used again: the table is never copied as a whole, because fresh memory costs more than all else that is done here.
 */
import type { Column } from '@dendrite/spec';
import type { Workspace } from '../workspace/workspace.ts';
import type { Binning } from './binning.ts';
import { type Bins, byteBins, quantileBins, sampleSize } from './bins.ts';
import { binsOfCounts, translate, writeBytes } from './bytes.ts';
import { encodeColumn } from './encode-column.ts';

/** `[rows, features]`, row by row. */
export type Rows = Float32Array | Int32Array | Uint8Array;

/** Numbers in the room: two megabytes stay in the cache. */
const room = 2 ** 19;

/**
 * Writes all codes; gives the bins.
 * @param known  of a forest to go on from
 */
export function encodeRows(
  data: Rows,
  known: readonly Bins[] | undefined,
  workspace: Workspace,
  binning: Binning,
  where: string,
): readonly Bins[] {
  const { rows, features, codes, rowCodes } = workspace;
  const wide = rowCodes.length > 0;
  if (data instanceof Uint8Array && codes instanceof Uint8Array && (known ?? []).every(({ missing }) => missing < 0)) {
    // Bytes are their own codes.
    if (wide) rowCodes.set(data);
    binning.transpose(wide ? rowCodes : data, codes, features);
    return known ?? Array.from({ length: features }, () => byteBins);
  }
  if (wide && codes instanceof Uint8Array && (binning.bytes ?? writeBytes)(data, rowCodes)) {
    binning.transpose(rowCodes, codes, features);
    const bins = Array.from({ length: features }, (_, f) => {
      const column = codes.subarray(f * rows, (f + 1) * rows);
      const own = known?.[f] ?? binsOfCounts(countSample(column));
      (binning.translate ?? translate)(column, codesOfBytes(own));
      return own;
    });
    binning.transpose(codes, rowCodes, rows);
    return bins;
  }
  const length = Math.min(rows, sampleSize);
  const most = Math.max(1, Math.min(features, Math.floor(room / Math.max(1, length))));
  const gathered = like(data, most * length);
  const bins: Bins[] = [];
  for (let first = 0; first < features; first += most) {
    const count = Math.min(most, features - first);
    const each = (use: (column: Column, f: number) => void, values = length): void => {
      for (let j = 0; j < count; j++) {
        const [f, at] = [first + j, j * length];
        use({ name: `x${f}`, kind: 'number', values: gathered.subarray(at, at + values) }, f);
      }
    };
    // The rows that bins are made from, at equal distances: all of them, or `sampleSize`.
    gather(data, { width: features, first, count }, 0, rows, length, gathered);
    each((column, f) => bins.push(known?.[f] ?? quantileBins(column, binning)));
    for (let begin = 0; begin < rows; begin += length) {
      const part = Math.min(length, rows - begin);
      if (length < rows) gather(data, { width: features, first, count }, begin, part, part, gathered, length);
      each((column, f) => encodeColumn(column, bins[f] as Bins, codes, f * rows + begin, 1, where, binning), part);
    }
  }
  if (wide && codes instanceof Uint8Array) binning.transpose(codes, rowCodes, rows);
  return bins;
}

function like(data: Rows, length: number): Rows {
  if (data instanceof Float32Array) return new Float32Array(length);
  return data instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}

/** Of `rows` rows from `begin` on, `length` at equal distances: their columns, `stride` apart. */
function gather(
  data: Rows,
  { width, first, count }: { readonly width: number; readonly first: number; readonly count: number },
  begin: number,
  rows: number,
  length: number,
  to: Rows,
  stride = length,
): void {
  for (let i = 0; i < length; i++) {
    const from = (begin + Math.floor((i * rows) / length)) * width + first;
    for (let j = 0, at = i; j < count; j++, at += stride) to[at] = data[from + j] as number;
  }
}

/** How often each byte is there, in the rows that bins are made from. */
function countSample(column: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  const [rows, length] = [column.length, Math.min(column.length, sampleSize)];
  for (let i = 0; i < length; i++) {
    const value = column[length === rows ? i : Math.floor((i * rows) / length)] as number;
    counts[value] = (counts[value] as number) + 1;
  }
  return counts;
}

/** Of each byte how many edges are below it. */
function codesOfBytes({ edges }: Bins): Uint8Array {
  const codes = new Uint8Array(256);
  for (let value = 0, code = 0; value < 256; value++) {
    while (code < edges.length && (edges[code] as number) < value) code++;
    codes[value] = code;
  }
  return codes;
}
