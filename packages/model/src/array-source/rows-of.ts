/** The array behind a table, where there is one: what reads tables of all kinds need not load what makes columns of arrays. */
import type { Label, Table } from '@dendrite/spec';
import type { SourceArrays } from './array-source.ts';

type Data = SourceArrays<Label>['data'];
const arrays = new WeakMap<Table, Data>();

/**
 * The array that a table's columns are the elements of, where there is one: `values[row]` of column `j` is
 * `array[row · columns + j]`. Known of tables that were made of arrays, not of copies with other columns.
 */
export const rowsOf = (table: Table): Data | undefined => arrays.get(table);

export function keepRows(table: Table, data: Data): void {
  arrays.set(table, data);
}
