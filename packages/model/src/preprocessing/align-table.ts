/** Tables as a model wants them: columns by name, in the order of training. */
import { type Column, DendriteError, type Table } from '@dendrite/spec';
import { showLabel } from '../labels/label-codes.ts';
import type { ColumnPreprocessing, TablePreprocessing } from './preprocessing.ts';

/**
 * The columns of the preprocessing, in its order, category codes into its categories; other columns are refused.
 * @throws DATA  for a missing, unknown or differently typed column, an unseen category, a value that is not finite, or (unless
 *               `missing` is 'mask') a missing value
 */
export function alignTable(
  table: Table,
  { columns, target }: TablePreprocessing,
  { missing, where }: { readonly missing: 'error' | 'mask'; readonly where: string },
): Table {
  const given = new Map(table.columns.map((column) => [column.name, column]));
  const aligned = columns.map((plan) => {
    const column = given.get(plan.name);
    if (column === undefined)
      throw new DendriteError(
        'DATA',
        `${where}: the data must have a column '${plan.name}', as in training, got ${quoted([...given.keys()])}. ${similar(plan.name, given.keys())}`,
      );
    return alignColumn(column, plan, missing, where);
  });
  const known = new Set(columns.map(({ name }) => name));
  for (const name of given.keys()) {
    if (!known.has(name) && name !== target)
      throw new DendriteError(
        'DATA',
        `${where}: every column must be one of training's (${quoted([...known])}), got '${name}'. Leave it out.`,
      );
  }
  return { '~dendrite': 'table', rows: table.rows, columns: aligned };
}

function alignColumn(column: Column, plan: ColumnPreprocessing, rule: 'error' | 'mask', where: string): Column {
  const { name, kind, values, missing } = column;
  if (kind !== plan.kind) {
    const example = kind === 'category' ? ` such as ${showLabel(column.categories?.[values[0] as number] ?? '')}` : '';
    throw new DendriteError(
      'DATA',
      `${where}: column '${name}' must hold ${words[plan.kind]}, as in training, got ${words[kind]}${example}. Convert it.`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (missing?.[i]) {
      if (rule === 'error')
        throw new DendriteError(
          'DATA',
          `${where}: this model needs every value, got none in row ${i}, column '${name}'. Fill it in (for example with the column's mean) or leave the row out.`,
        );
    } else if (!Number.isFinite(values[i])) {
      throw new DendriteError(
        'DATA',
        `${where}: values must be finite, got ${values[i]} in row ${i}, column '${name}'. Correct it, or leave the row out.`,
      );
    }
  }
  return kind === 'category' ? recode(column, plan.categories ?? [], where) : column;
}

function recode(column: Column, categories: readonly string[], where: string): Column {
  const own = column.categories ?? [];
  if (own.length === categories.length && own.every((category, code) => category === categories[code])) return column;
  const places = new Map(categories.map((category, code) => [category, code]));
  const values = Int32Array.from(column.values, (code, i) => {
    if (column.missing?.[i]) return 0;
    const place = places.get(own[code] ?? '');
    if (place === undefined) {
      const list = categories.length > 12 ? `${quoted(categories.slice(0, 10))}, …` : quoted(categories);
      throw new DendriteError(
        'DATA',
        `${where}: column '${column.name}' must hold values seen in training (${list}), got '${own[code]}' in row ${i}. Train with it, or replace it.`,
      );
    }
    return place;
  });
  return { ...column, values, categories };
}

const words: Readonly<Record<Column['kind'], string>> = {
  number: 'numbers',
  category: 'text',
  boolean: 'booleans',
  date: 'dates',
};
const quoted = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((name) => `'${name}'`).join(', ');

function similar(name: string, given: Iterable<string>): string {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  for (const other of given) if (plain(other) === plain(name)) return `Rename '${other}'.`;
  return 'Add it; its order does not matter.';
}
