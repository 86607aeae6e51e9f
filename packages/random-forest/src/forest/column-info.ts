/** What is kept of the columns, so that trees can be told in words. */
import type { Column, Table } from '@dendrite/spec';

export interface ColumnInfo {
  readonly name: string;
  readonly categories?: readonly string[];
  /** Not given: the categories say it, or it is a number. */
  readonly kind?: 'boolean' | 'date';
  /** Something was missing in training. */
  readonly gaps?: true;
}

export const columnsOf = ({ columns }: Table): ColumnInfo[] => columns.map(columnInfo);

const columnInfo = ({ name, kind, categories, missing }: Column): ColumnInfo => ({
  name,
  ...(categories && { categories }),
  ...((kind === 'boolean' || kind === 'date') && { kind }),
  ...(missing?.includes(1) && { gaps: true }),
});
