/** Whether a table keeps its promises: the checks that every reader relies on. */
import { DendriteError, type Table } from '@dendrite/spec';

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
