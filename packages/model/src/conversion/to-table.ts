/** Data in any form as a table of its features: typed, named columns. */
import type { Data, Table } from '@dendrite/spec';
import { arraySource } from '../array-source/array-source.ts';
import { takeExamples } from './examples.ts';
import { sourceTable } from './source-table.ts';

/**
 * The columns besides the target; text as codes into `categories`, gaps as `missing`. Columns of plain arrays are called
 * `x0`, `x1`, …
 * @example
 * import { toTable } from '@dendrite/model';
 * const table = await toTable({ x: [[1, 2], [3, 4]], y: ['a', 'b'] });
 * console.log(table.columns.map(({ name, values }) => [name, ...values])); // [['x0', 1, 3], ['x1', 2, 4]]
 */
export async function toTable(data: Data): Promise<Table> {
  const { features } = await takeExamples(data, 'toTable()');
  if (features.form === 'table') return features.table;
  return sourceTable(features.form === 'source' ? features.source : arraySource({ x: features.x }, 'toTable()'));
}
