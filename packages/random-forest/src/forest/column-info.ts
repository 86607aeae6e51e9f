/** What is kept of the columns, so that trees can be told in words. */
import type { Json, Table } from '@dendrite/spec';
import { isList } from '../saved/forest-arrays.ts';

export interface ColumnInfo {
  readonly name: string;
  readonly categories?: readonly string[];
}

export const columnsOf = ({ columns }: Table): ColumnInfo[] =>
  columns.map(({ name, categories }) => ({ name, ...(categories && { categories }) }));

export const columnsJson = (columns: readonly ColumnInfo[]): Json =>
  columns.map(({ name, categories }) => ({ name, ...(categories && { categories }) }));

/** A damaged list gives columns that are called by their number: names decide nothing. */
export function readColumns(json: Json | undefined, count: number): ColumnInfo[] {
  const list = isList(json) ? json : [];
  return Array.from({ length: count }, (_, f): ColumnInfo => {
    const column = list[f];
    if (typeof column !== 'object' || column === null || isList(column)) return { name: `x${f}` };
    const { name, categories } = column;
    return {
      name: typeof name === 'string' ? name : `x${f}`,
      ...(isList(categories) && { categories: categories.map(String) }),
    };
  });
}
