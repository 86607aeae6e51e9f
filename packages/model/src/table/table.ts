/** Tables: making one of columns, with the checks that every reader relies on. */
import { type Column, DendriteError, type Table } from '@dendrite/spec';

/**
 * A table of these columns.
 * @throws DATA  where lengths disagree, a name comes twice, or a code has no category
 * @example
 * import { tableOf } from '@dendrite/model';
 * tableOf([{ name: 'height', kind: 'number', values: new Float64Array([1.7, 1.8]) }]).rows; // 2
 */
export function tableOf(columns: readonly Column[]): Table {
  return checkedTable({ '~dendrite': 'table', rows: columns[0]?.values.length ?? 0, columns }, 'tableOf()');
}

/** The table itself, when it keeps its promises. */
export function checkedTable(table: Table, where: string): Table {
  const names = new Set<string>();
  for (const { name, kind, values, missing, categories } of table.columns) {
    if (names.has(name))
      throw new DendriteError('DATA', `${where}: column names must differ, got '${name}' twice. Rename one.`);
    names.add(name);
    for (const [what, length] of [
      ['values', values.length],
      ['missing', missing?.length ?? table.rows],
    ] as const) {
      if (length !== table.rows)
        throw new DendriteError(
          'DATA',
          `${where}: columns must be of one length, got ${length} ${what} in '${name}' for ${table.rows} rows.`,
        );
    }
    if (kind !== 'category') continue;
    const known = categories?.length ?? 0;
    for (let i = 0; i < values.length; i++) {
      const code = values[i] as number;
      if (!missing?.[i] && !(Number.isInteger(code) && code >= 0 && code < known)) {
        throw new DendriteError(
          'DATA',
          `${where}: codes of column '${name}' must be from 0 to ${known - 1}, got ${code} in row ${i}.`,
        );
      }
    }
  }
  return table;
}

/** These columns of a table, by name; the rest is left out. */
export function withoutColumn(table: Table, name: string): Table {
  return { ...table, columns: table.columns.filter((column) => column.name !== name) };
}

/** The rows at these indices, as a table of its own. */
export function selectRows(table: Table, indices: Uint32Array): Table {
  const columns = table.columns.map((column): Column => {
    const missing = column.missing && new Uint8Array(indices.length);
    const values = emptyLike(column.values, indices.length);
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i] as number;
      values[i] = column.values[row] as number;
      if (missing && column.missing) missing[i] = column.missing[row] as number;
    }
    return { ...column, values, ...(missing && { missing }) };
  });
  return { '~dendrite': 'table', rows: indices.length, columns };
}

/** Rows `begin` to `end` (exclusive), as views. */
export function rowRange(table: Table, begin: number, end: number): Table {
  const columns = table.columns.map(
    (column): Column => ({
      ...column,
      values: column.values.subarray(begin, end),
      ...(column.missing && { missing: column.missing.subarray(begin, end) }),
    }),
  );
  return { '~dendrite': 'table', rows: end - begin, columns };
}

function emptyLike(values: Column['values'], length: number): Column['values'] {
  if (values instanceof Float64Array) return new Float64Array(length);
  if (values instanceof Float32Array) return new Float32Array(length);
  if (values instanceof Int32Array) return new Int32Array(length);
  if (values instanceof Uint32Array) return new Uint32Array(length);
  if (values instanceof Uint16Array) return new Uint16Array(length);
  return values instanceof Int8Array ? new Int8Array(length) : new Uint8Array(length);
}
