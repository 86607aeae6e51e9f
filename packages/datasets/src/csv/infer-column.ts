/** What one column of texts holds: numbers, booleans, dates or categories, judged by all of its known cells. */
import { type Column, DendriteError } from '@dendrite/spec';
import { parseDate } from './parse-date.ts';

export interface InferOptions {
  /** Cells that mean "not known". */
  readonly unknown: ReadonlySet<string>;
  readonly decimal: '.' | ',';
  /** Asked for by the caller; undefined: infer. */
  readonly kind: Column['kind'] | undefined;
  /** Line of a row, for messages. */
  lineOf(row: number): number;
}

type Reader = (cell: string) => number | undefined;

/**
 * Turns trimmed cells into a typed column. A column with no known cell is one of missing numbers.
 * @throws OPTION  if the kind asked for does not fit a cell.
 */
export function inferColumn(name: string, cells: readonly string[], options: InferOptions): Column {
  const known = (cell: string): boolean => !options.unknown.has(cell);
  const missing = Uint8Array.from(cells, (cell) => (known(cell) ? 0 : 1));
  const mask = missing.includes(1) ? { missing } : {};
  const readers: Record<Exclude<Column['kind'], 'category'>, Reader> = {
    number: options.kind === 'number' ? loose(options.decimal) : strict(options.decimal),
    boolean: readBoolean,
    date: parseDate,
  };
  if (options.kind !== 'category') {
    for (const kind of options.kind === undefined ? (['number', 'boolean', 'date'] as const) : [options.kind]) {
      const values = readAll(cells, missing, kind, readers[kind]);
      if (typeof values === 'object') return { name, kind, values, ...mask };
      if (options.kind === undefined) continue; // row `values` is of another kind
      throw new DendriteError(
        'OPTION',
        `readCsv(): column '${name}' must hold a ${kind} in every line, as options.kinds asks, got '${cells[values]?.slice(0, 40)}' in line ${options.lineOf(values)}. Name another kind, or add the cell to options.missing.`,
      );
    }
  }
  const categories = [...new Set(cells.filter(known))].sort(); // by UTF-16 code units: the same on every machine
  const codes = new Map(categories.map((category, code) => [category, code]));
  const values = Int32Array.from(cells, (cell) => codes.get(cell) ?? 0);
  return { name, kind: 'category', values, ...mask, categories };
}

/** All cells read, 0 or NaN where missing; or the first row whose cell is not of this kind. */
function readAll(
  cells: readonly string[],
  missing: Uint8Array,
  kind: Column['kind'],
  read: Reader,
): Uint8Array | Float64Array | number {
  const values = kind === 'boolean' ? new Uint8Array(cells.length) : new Float64Array(cells.length).fill(Number.NaN);
  for (let row = 0; row < cells.length; row++) {
    if (missing[row] === 1) continue;
    const value = read(cells[row] ?? '');
    if (value === undefined) return row;
    values[row] = value;
  }
  return values;
}

const decimalNumber = /^[+-]?(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Any decimal number. */
function loose(decimal: '.' | ','): Reader {
  return (cell) => {
    const text = decimal === ',' ? cell.replace(',', '.') : cell;
    if (decimal === ',' && cell.includes('.')) return undefined; // 1.234,5: thousands are not guessed
    return decimalNumber.test(text) ? Number(text) : undefined;
  };
}

/** Not what reads as a code: 00123 would lose its zeros, and integers past 2^53 their last digits. */
function strict(decimal: '.' | ','): Reader {
  const read = loose(decimal);
  return (cell) => {
    const value = read(cell);
    if (value === undefined || !Number.isInteger(value)) return value;
    const code = /^[+-]?0\d+$/.test(cell) || (!Number.isSafeInteger(value) && /^[+-]?\d+$/.test(cell));
    return code ? undefined : value;
  };
}

function readBoolean(cell: string): number | undefined {
  const text = cell.toLowerCase();
  return text === 'true' ? 1 : text === 'false' ? 0 : undefined;
}
