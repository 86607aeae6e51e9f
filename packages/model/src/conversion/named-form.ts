/** Named columns as inputs: rows of objects, and tables. */
import { type Column, type Data, DendriteError, type Label, type Table } from '@dendrite/spec';
import { alignTable } from '../preprocessing/align-table.ts';
import type { Preprocessing } from '../preprocessing/preprocessing.ts';
import { checkedTable } from '../table/checked-table.ts';
import { type Row, tableFromRows } from '../table/table-from-rows.ts';
import { asTablePlan } from './as-table-plan.ts';
import type { Examples } from './examples.ts';

export { checkedTable, tableFromRows };

type RowsGiven = Extract<Data, { readonly rows: readonly unknown[] }>;
export function rowExamples(
  { rows: objects, target, sampleWeight }: RowsGiven,
  where: string,
  kinds?: ReadonlyMap<string, Column['kind']>,
): Examples {
  const rows = objects as readonly Row[];
  const table = tableFromRows(rows, { where, except: target, ...(kinds && { kinds }) });
  const targets = rows.map((row, i): Label => {
    const cell = row[target];
    if (typeof cell === 'string' || typeof cell === 'boolean' || (typeof cell === 'number' && !Number.isNaN(cell)))
      return cell;
    if (i === 0 && !rows.some((other) => target in other)) throw noTarget(target, table.columns, where);
    throw new DendriteError(
      'DATA',
      `${where}: the target '${target}' must be a string, number or boolean, got ${cell instanceof Date ? 'a date' : String(cell)} in row ${i}. Leave the row out.`,
    );
  });
  return {
    features: { form: 'table', rows: rows.length, table },
    rows: rows.length,
    targets,
    target,
    ...(sampleWeight && { sampleWeight }),
  };
}

type TableGiven = Extract<Data, { readonly table: unknown }>;
export function tableExamples({ table, target, sampleWeight }: TableGiven, where: string): Examples {
  const { rows, columns } = checkedTable(table, where);
  const column = columns.find(({ name }) => name === target);
  if (column === undefined) throw noTarget(target, columns, where);
  const targets = Array.from(column.values, (value, i): Label => {
    if (column.missing?.[i] || Number.isNaN(value))
      throw new DendriteError(
        'DATA',
        `${where}: the target '${target}' must be known in every row, got none in row ${i}. Leave the row out.`,
      );
    if (column.kind === 'category') return column.categories?.[value] ?? '';
    return column.kind === 'boolean' ? value !== 0 : value;
  });
  return {
    features: { form: 'table', rows, table: { ...table, columns: columns.filter((other) => other !== column) } },
    rows,
    targets,
    target,
    ...(sampleWeight && { sampleWeight }),
  };
}

/** The columns of training, in its order. */
export function namedColumns(
  table: Table,
  preprocessing: Preprocessing,
  rules: { readonly missing: 'error' | 'mask'; readonly where: string },
): Table {
  return alignTable(table, asTablePlan(preprocessing, rules.where), rules);
}

function noTarget(target: string, columns: readonly Column[], where: string): DendriteError {
  return new DendriteError(
    'DATA',
    `${where}: the target must be one of the columns (${columns.map(({ name }) => `'${name}'`).join(', ')}), got '${target}'. Check its spelling.`,
  );
}
