/** Data in any form, taken apart into features, targets and weights. */
import { type Column, type Data, DendriteError, type Label } from '@dendrite/spec';
import { checkedTable, withoutColumn } from '../table/table.ts';
import { type Row, tableFromRows } from '../table/table-from-rows.ts';
import { type Features, isBranded, takeFeatures } from './features.ts';

export interface Examples {
  readonly features: Features;
  readonly rows: number;
  /** One a row; absent for sources, which keep theirs. */
  readonly targets?: ArrayLike<Label>;
  /** The column they came from. */
  readonly target?: string;
  readonly sampleWeight?: ArrayLike<number>;
}

/** @throws DATA  for a target that is not there, or targets and weights of another number than the rows */
export function takeExamples(data: Data, where: string, kinds?: ReadonlyMap<string, Column['kind']>): Examples {
  if (isBranded(data, 'data')) return { features: takeFeatures(data, where), rows: data.rows };
  if (typeof data !== 'object' || data === null) throw wrongForm(data, where);
  if ('rows' in data && 'target' in data && Array.isArray(data.rows)) return fromRows(data, where, kinds);
  if ('table' in data && 'target' in data) return fromTable(data, where);
  if (!('x' in data && 'y' in data)) throw wrongForm(data, where);
  const { x, y, sampleWeight } = data;
  const features = takeFeatures(x, where, kinds);
  if (features.rows !== y.length)
    throw new DendriteError(
      'DATA',
      `${where}: x and y must have as many rows, got ${features.rows} in x and ${y.length} in y. Give one target a row.`,
    );
  return { features, rows: features.rows, targets: y, ...weights(sampleWeight, features.rows, where) };
}

type RowsGiven = Extract<Data, { readonly rows: readonly unknown[] }>;
function fromRows(
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
    ...weights(sampleWeight, rows.length, where),
  };
}

type TableGiven = Extract<Data, { readonly table: unknown }>;
function fromTable({ table, target, sampleWeight }: TableGiven, where: string): Examples {
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
    features: { form: 'table', rows, table: withoutColumn(table, target) },
    rows,
    targets,
    target,
    ...weights(sampleWeight, rows, where),
  };
}

function weights(
  given: ArrayLike<number> | undefined,
  rows: number,
  where: string,
): { sampleWeight?: ArrayLike<number> } {
  if (given === undefined) return {};
  if (given.length !== rows)
    throw new DendriteError(
      'DATA',
      `${where}: sampleWeight must have one weight a row, got ${given.length} for ${rows} rows.`,
    );
  return { sampleWeight: given };
}

function noTarget(target: string, columns: readonly Column[], where: string): DendriteError {
  return new DendriteError(
    'DATA',
    `${where}: the target must be one of the columns (${columns.map(({ name }) => `'${name}'`).join(', ')}), got '${target}'. Check its spelling.`,
  );
}
function wrongForm(data: unknown, where: string): DendriteError {
  const got =
    typeof data === 'object' && data !== null
      ? `an object with ${Object.keys(data).slice(0, 6).join(', ') || 'no keys'}`
      : String(data);
  return new DendriteError(
    'DATA',
    `${where}: data must be { x, y }, { rows, target }, { table, target } or a source, got ${got}.`,
  );
}
