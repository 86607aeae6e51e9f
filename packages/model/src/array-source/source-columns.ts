/**
 * The column view of array data: one number column an element of an example, in the element type of the data. Columns are copied
 * when the first one is read, all at once; who can read whole rows asks `rowsOf` for them and copies nothing.
 */
import type { Column, Label, Table } from '@dendrite/spec';
import type { SourceArrays } from './array-source.ts';
import { keepRows } from './rows-of.ts';

type Data = SourceArrays<Label>['data'];

/** `[rows, ...example]` row by row becomes one contiguous column an element; unnamed ones are called `x0`, `x1`, … */
export function sourceColumns(
  { data, width, names }: Pick<SourceArrays<Label>, 'data' | 'width' | 'names'>,
  indices: Uint32Array | undefined,
  rows: number,
): Table {
  let copies: readonly Data[] | undefined;
  const columns = Array.from(
    { length: width },
    (_, j): Column => ({
      name: names?.[j] ?? `x${j}`,
      kind: 'number',
      get values() {
        copies ??= copied(data, width, indices, rows);
        return copies[j] as Data;
      },
    }),
  );
  const table: Table = { '~dendrite': 'table', rows, columns };
  if (indices === undefined) keepRows(table, data);
  return table;
}

function copied(data: Data, width: number, indices: Uint32Array | undefined, rows: number): readonly Data[] {
  const columns = Array.from({ length: width }, () =>
    data instanceof Float32Array
      ? new Float32Array(rows)
      : data instanceof Int32Array
        ? new Int32Array(rows)
        : new Uint8Array(rows),
  );
  // Some rows at a time, so that what is read is still in the cache for the next column.
  const block = 32;
  for (let first = 0; first < rows; first += block) {
    const end = Math.min(rows, first + block);
    for (let j = 0; j < width; j++) {
      const values = columns[j] as Data;
      if (indices) for (let i = first; i < end; i++) values[i] = data[(indices[i] as number) * width + j] as number;
      else for (let i = first, at = first * width + j; i < end; i++, at += width) values[i] = data[at] as number;
    }
  }
  return columns;
}
