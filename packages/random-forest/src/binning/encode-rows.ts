/**
 * Bins and codes of a table whose columns are the elements of rows in one array. Some columns at a time are gathered, where trees will
 * work: the table is never copied as a whole, because fresh memory costs more than all else that is done here.
 */
import type { Column } from '@dendrite/spec';
import { placeOf } from '../workspace/groups.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Binning, Rows } from './binning.ts';
import { type Bins, byteBins, quantileBins, sampleSize } from './bins.ts';
import { binsOfCounts, translate, writeBytes } from './bytes.ts';
import { encodeColumn } from './encode-column.ts';

/** Of a wide table numbers that are gathered at once, elsewhere: whole lines of the cache. */
const wideRoom = 2 ** 19;

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
  const { rows, features, group, codes, rowCodes } = workspace;
  const inRows = rowCodes.length > 0;
  const wide = inRows || group > 1;
  if (data instanceof Uint8Array && codes instanceof Uint8Array && (known ?? []).every(({ missing }) => missing < 0)) {
    // Bytes are their own codes.
    if (inRows) rowCodes.set(data);
    if (group > 1) binning.grouped?.(data);
    else binning.transpose(inRows ? rowCodes : data, codes, features);
    return known ?? Array.from({ length: features }, () => byteBins);
  }
  if (wide && codes instanceof Uint8Array && allBytes(data, workspace, binning)) {
    if (inRows) binning.transpose(rowCodes, codes, features);
    const bins = Array.from({ length: features }, (_, f) => {
      const at = placeOf(workspace, f);
      if (!known && rows <= sampleSize && binning.binBytes) return binning.binBytes(at);
      // Columns in groups are translated where they are, and there are never so many rows of them.
      const column = codes.subarray(at, at + rows);
      const own = known?.[f] ?? binsOfCounts(countSample(column));
      const table = codesOfBytes(own);
      if (binning.translate) binning.translate(at, table);
      else translate(column, table);
      return own;
    });
    if (inRows) binning.transpose(codes, rowCodes, rows);
    return bins;
  }
  const length = Math.min(rows, sampleSize);
  const gathered = wide ? like(data, Math.max(wideRoom, length)) : roomOf(workspace, data);
  const most = Math.max(1, Math.min(features, Math.floor(gathered.length / Math.max(1, length))));
  const bins: Bins[] = [];
  for (let first = 0; first < features; first += most) {
    const end = Math.min(features, first + most);
    const each = (use: (column: Column, f: number) => void, values = length): void => {
      for (let f = first, at = 0; f < end; f++, at += length)
        use({ name: `x${f}`, kind: 'number', values: gathered.subarray(at, at + values) }, f);
    };
    // The rows that bins are made from: all of them, or `sampleSize` at equal distances.
    if (length === rows) gather(data, features, 0, rows, first, end, gathered, length);
    else
      for (let i = 0; i < length; i++)
        pickRow(data, sampled(i, rows) * features + first, end - first, gathered, i, length);
    each((column, f) => bins.push(known?.[f] ?? quantileBins(column, binning)));
    for (let begin = 0; begin < rows; begin += length) {
      const part = Math.min(length, rows - begin);
      if (length < rows) gather(data, features, begin, part, first, end, gathered, length);
      each(
        (column, f) =>
          encodeColumn(column, bins[f] as Bins, codes, placeOf(workspace, f) + group * begin, group, where, binning),
        part,
      );
    }
  }
  if (inRows && codes instanceof Uint8Array) binning.transpose(codes, rowCodes, rows);
  return bins;
}

/** Whether all are bytes, which then lie in rows or in groups. */
function allBytes(data: Rows, { group, rowCodes }: Workspace, { bytes, grouped }: Binning): boolean {
  if (group > 1) return grouped?.(data) ?? false;
  return bytes && data instanceof Float32Array ? bytes(data, rowCodes) : writeBytes(data, rowCodes);
}

/** Before trees grow nothing is there that is needed. */
function roomOf({ buffer, layout, rows }: Workspace, data: Rows): Rows {
  const numbers = Math.max(rows, (layout.histogram - layout.spare) / 4);
  if (data instanceof Float32Array) return new Float32Array(buffer, layout.spare, numbers);
  return data instanceof Int32Array
    ? new Int32Array(buffer, layout.spare, numbers)
    : new Uint8Array(buffer, layout.spare, numbers);
}

function like(data: Rows, length: number): Rows {
  if (data instanceof Float32Array) return new Float32Array(length);
  return data instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}

/** Columns `first` to `end` of some rows, `length` numbers apart: so many rows at a time that all their columns come out of the cache. */
function gather(
  data: Rows,
  features: number,
  begin: number,
  rows: number,
  first: number,
  end: number,
  to: Rows,
  length: number,
): void {
  const atOnce = Math.max(16, Math.floor(cachedNumbers / features));
  for (let row = 0; row < rows; row += atOnce) {
    const until = Math.min(rows, row + atOnce);
    for (let f = first, at = 0; f < end; f++, at += length)
      pick(data, (begin + row) * features + f, features, to, at + row, at + until);
  }
}
/** What a first-level cache holds beside what is written. */
const cachedNumbers = 2 ** 12;
/** Part of a column: a loop that nothing else is in, for it runs mostly before a compiler has seen it. */
function pick(data: Rows, from: number, stride: number, to: Rows, begin: number, end: number): void {
  for (let i = begin, at = from; i < end; i++, at += stride) to[i] = data[at] as number;
}
/** Part of a row. */
function pickRow(data: Rows, from: number, count: number, to: Rows, at: number, stride: number): void {
  for (let i = 0; i < count; i++) to[at + i * stride] = data[from + i] as number;
}
/** Row `i` of those that bins are made from. */
const sampled = (i: number, rows: number): number => Math.floor((i * rows) / sampleSize);

/** How often each byte is there, in the rows that bins are made from. */
function countSample(column: Uint8Array): Uint32Array {
  const [rows, length] = [column.length, Math.min(column.length, sampleSize)];
  const counts = new Uint32Array(256);
  for (let i = 0; i < length; i++) {
    const value = column[length === rows ? i : sampled(i, rows)] as number;
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
