/** Tables from lists of cells, one a column. */
import { tableFromRows } from '@dendrite/model';
import { type Cell, DendriteError, type Table } from '@dendrite/spec';

/**
 * A table of these columns; kinds and missing cells as `fromRows` tells them.
 * @throws DATA  if the columns differ in length, or one mixes kinds or has no value
 * @example
 * import { fromColumns } from '@dendrite/datasets';
 * fromColumns({ age: [31, null, 40], city: ['Rome', 'Oslo', 'Rome'] }).rows; // 3
 */
export function fromColumns(columns: Readonly<Record<string, readonly Cell[]>>): Table {
  const entries = Object.entries(columns);
  const [first] = entries;
  const rows = first?.[1].length ?? 0;
  for (const [name, cells] of entries) {
    if (cells.length === rows) continue;
    throw new DendriteError(
      'DATA',
      `fromColumns(): columns must have one length, got ${rows} in '${first?.[0]}' and ${cells.length} in '${name}'. Give null where a value is not known.`,
    );
  }
  const objects = Array.from({ length: rows }, (_, row) =>
    // Object.fromEntries makes '__proto__' a key like others.
    Object.fromEntries(entries.map(([name, cells]) => [name, cells[row] ?? null])),
  );
  return tableFromRows(objects, { where: 'fromColumns()' });
}
