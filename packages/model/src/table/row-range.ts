/** A part of a table. */
import type { Column, Table } from '@dendrite/spec';

/** Rows `begin` to `end` (exclusive), as views. */
export function rowRange(table: Table, begin: number, end: number): Table {
  const columns = table.columns.map(
    (column): Column => ({
      ...column,
      values: column.values.subarray(begin, end),
      ...(column.missing && { missing: column.missing.subarray(begin, end) }),
    }),
  );
  return { '~dendrite': 'table', rows: end - begin, columns };
}
