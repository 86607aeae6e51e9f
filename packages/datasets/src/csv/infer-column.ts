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
  const inferred = (['number', 'boolean', 'date'] as const).find((kind) =>
    cells.every((cell) => !known(cell) || readers[kind](cell) !== undefined),
  );
  const kind = options.kind ?? inferred ?? 'category';
  if (kind === 'category') {
    const categories = [...new Set(cells.filter(known))].sort(); // by UTF-16 code units: the same on every machine
    const codes = new Map(categories.map((category, code) => [category, code]));
    return { name, kind, values: Int32Array.from(cells, (cell) => codes.get(cell) ?? 0), ...mask, categories };
  }
  const read = readers[kind];
  const values = kind === 'boolean' ? new Uint8Array(cells.length) : new Float64Array(cells.length);
  for (const [row, cell] of cells.entries()) {
    const value = known(cell) ? read(cell) : kind === 'boolean' ? 0 : Number.NaN;
    if (value === undefined) {
      throw new DendriteError(
        'OPTION',
        `readCsv(): column '${name}' must hold a ${kind} in every line, as options.kinds asks, got '${cell.slice(0, 40)}' in line ${options.lineOf(row)}. Name another kind, or add the cell to options.missing.`,
      );
    }
    values[row] = value;
  }
  return { name, kind, values, ...mask };
}

const decimalNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

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
    const integer = /^[+-]?\d+$/.test(cell);
    if (integer && (/^[+-]?0\d/.test(cell) || !Number.isSafeInteger(Number(cell)))) return undefined;
    return read(cell);
  };
}

function readBoolean(cell: string): number | undefined {
  const text = cell.toLowerCase();
  return text === 'true' ? 1 : text === 'false' ? 0 : undefined;
}
