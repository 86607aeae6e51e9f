/** A table in words: what each column is taken for, before anything is trained on it. */
import { type Column, DendriteError, type Table } from '@dendrite/spec';

/** One column, as a plain row that prints well: `console.table(describeTable(table))`. */
export interface ColumnDescription {
  readonly name: string;
  readonly kind: Column['kind'];
  /** How many rows do not know it. */
  readonly missing: number;
  /** Of numbers; of dates as ISO 8601 text. Absent where no value is known. */
  readonly min?: number | string;
  readonly max?: number | string;
  /** Of categories and booleans: each text with its number of rows, `'setosa (50)'`, most frequent first, the first ten. */
  readonly values?: string;
  /** How many different categories there are. */
  readonly distinct?: number;
}

const shown = 10;

/**
 * Says of each column its name, kind, missing rows, and range or categories.
 * @throws DATA  if a category's code lies outside its categories.
 * @example
 * import { describeTable, fromColumns } from '@dendrite/datasets';
 * describeTable(fromColumns({ age: [31, null, 40], city: ['Rome', 'Oslo', 'Rome'] }));
 * // [{ name: 'age', kind: 'number', missing: 1, min: 31, max: 40 },
 * //  { name: 'city', kind: 'category', missing: 0, distinct: 2, values: 'Rome (2), Oslo (1)' }]
 */
export function describeTable(table: Table): ColumnDescription[] {
  return table.columns.map((column) => {
    const { name, kind } = column;
    const known = [...column.values].filter((_, row) => column.missing?.[row] !== 1);
    const base = { name, kind, missing: column.values.length - known.length };
    if (kind === 'category' || kind === 'boolean') return { ...base, ...counts(column, known) };
    const finite = known.filter((value) => !Number.isNaN(value));
    if (finite.length === 0) return base;
    // A loop, for spreading a long column into Math.min overflows the stack.
    const min = finite.reduce((a, b) => Math.min(a, b));
    const max = finite.reduce((a, b) => Math.max(a, b));
    if (kind === 'number') return { ...base, min, max };
    return { ...base, min: new Date(min).toISOString(), max: new Date(max).toISOString() };
  });
}

function counts(column: Column, codes: readonly number[]): Pick<ColumnDescription, 'distinct' | 'values'> {
  const names = column.kind === 'boolean' ? ['false', 'true'] : (column.categories ?? []);
  const count = new Map<number, number>();
  for (const code of codes) count.set(code, (count.get(code) ?? 0) + 1);
  const sorted = [...count].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const texts = sorted.slice(0, shown).map(([code, rows]) => {
    const text = names[code];
    if (text === undefined) {
      throw new DendriteError(
        'DATA',
        `describeTable(): codes of column '${column.name}' must index its ${names.length} categories, got ${code}. Build the table with readCsv or fromRows.`,
      );
    }
    return `${text.slice(0, 40)} (${rows})`;
  });
  const more = sorted.length > shown ? `, and ${sorted.length - shown} more` : '';
  return { distinct: sorted.length, values: texts.join(', ') + more };
}
