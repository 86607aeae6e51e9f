/** Tables: making one of columns, or of some rows or columns of another. */
import type { Column, Table } from '@dendrite/spec';
import { checkedTable } from './checked-table.ts';

/**
 * A table of these columns.
 * @throws DATA  where lengths disagree, a name comes twice, or a code has no category
 * @example
 * import { tableOf } from '@dendrite/model';
 * tableOf([{ name: 'height', kind: 'number', values: new Float64Array([1.7, 1.8]) }]).rows; // 2
 */
export function tableOf(columns: readonly Column[]): Table {
  return checkedTable({ '~dendrite': 'table', rows: columns[0]?.values.length ?? 0, columns }, 'tableOf()');
}

/** The rows at these indices, as a table of its own. */
export function selectRows(table: Table, indices: Uint32Array): Table {
  const columns = table.columns.map((column): Column => {
    const missing = column.missing && new Uint8Array(indices.length);
    const values = emptyLike(column.values, indices.length);
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i] as number;
      values[i] = column.values[row] as number;
      if (missing && column.missing) missing[i] = column.missing[row] as number;
    }
    return { ...column, values, ...(missing && { missing }) };
  });
  return { '~dendrite': 'table', rows: indices.length, columns };
}

function emptyLike(values: Column['values'], length: number): Column['values'] {
  if (values instanceof Float64Array) return new Float64Array(length);
  if (values instanceof Float32Array) return new Float32Array(length);
  if (values instanceof Int32Array) return new Int32Array(length);
  if (values instanceof Uint32Array) return new Uint32Array(length);
  if (values instanceof Uint16Array) return new Uint16Array(length);
  return values instanceof Int8Array ? new Int8Array(length) : new Uint8Array(length);
}
