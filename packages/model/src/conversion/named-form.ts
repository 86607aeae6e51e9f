/** Rows of objects as inputs. */
import type { Column, Data, Label, Table } from '@dendrite/spec';
import type { Preprocessing, TablePreprocessing } from '../preprocessing/preprocessing.ts';
import { type Row, tableFromRows } from '../table/table-from-rows.ts';
import type { Examples } from './examples.ts';

/** Loaded when it is needed. Said as functions: those cost a page least. */
const dataErrors = () => import('./data-errors.ts');
const alignment = () => import('./align-named.ts');

export { tableFromRows };

type RowsGiven = Extract<Data, { readonly rows: readonly unknown[] }>;
export async function rowExamples(
  { rows: objects, target, sampleWeight }: RowsGiven,
  where: string,
  kinds?: ReadonlyMap<string, Column['kind']>,
): Promise<Examples> {
  const rows = objects as readonly Row[];
  const table = tableFromRows(rows, { where, except: target, ...(kinds && { kinds }) });
  if (rows.length > 0 && !rows.some((row) => target in row))
    throw (await dataErrors()).noTarget(target, table.columns, where);
  const targets: Label[] = [];
  for (const row of rows) {
    const cell = row[target];
    if (!isLabel(cell)) throw (await dataErrors()).wrongTarget(target, cell, targets.length, where);
    targets.push(cell);
  }
  return {
    features: { form: 'table', rows: rows.length, table },
    rows: rows.length,
    targets,
    target,
    ...(sampleWeight && { sampleWeight }),
  };
}

/** The columns of training, in its order: as they are, where that is what they are; else they are aligned, or refused. */
export async function namedColumns(
  table: Table,
  preprocessing: Preprocessing,
  rules: { readonly missing: 'error' | 'mask'; readonly where: string },
): Promise<Table> {
  const asTrained = preprocessing.kind === 'table' && unaligned(table, preprocessing);
  if (asTrained) return asTrained;
  return (await alignment()).alignNamed(table, preprocessing, rules);
}

/** The table without its target, if all else is as in training. */
function unaligned(table: Table, { columns, target }: TablePreprocessing): Table | undefined {
  const given = table.columns.filter(({ name }) => name !== target);
  const same =
    given.length === columns.length &&
    columns.every(({ name, kind, categories }, c) => {
      const column = given[c] as Column;
      return (
        column.name === name &&
        column.kind === kind &&
        column.missing === undefined &&
        column.values.every(Number.isFinite) &&
        column.categories?.length === categories?.length &&
        (categories ?? []).every((category, code) => category === column.categories?.[code])
      );
    });
  return same ? { ...table, columns: given } : undefined;
}

const isLabel = (cell: unknown): cell is Label =>
  typeof cell === 'string' || typeof cell === 'boolean' || (typeof cell === 'number' && !Number.isNaN(cell));
