/** What is kept of the columns, so that trees can be told in words. */
import type { Table } from '@dendrite/spec';

export interface ColumnInfo {
  readonly name: string;
  readonly categories?: readonly string[];
}

export const columnsOf = ({ columns }: Table): ColumnInfo[] =>
  columns.map(({ name, categories }) => ({ name, ...(categories && { categories }) }));
