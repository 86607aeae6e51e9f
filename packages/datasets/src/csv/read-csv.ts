/**
 * CSV text to a `Table` of typed columns. papaparse splits the text into cells; what a column holds is inferred here from
 * all of its cells, and `describeTable` shows it.
 */
import { type Column, DendriteError, type Table } from '@dendrite/spec';
import papaparse from 'papaparse';
import { inferColumn } from './infer-column.ts';

export interface CsvOptions {
  /** true: the first line names the columns; or the names of a file without such a line. Default true. */
  readonly header?: boolean | readonly string[];
  /** Default: whichever of `,` `;` tab `|` the first line has most of. */
  readonly delimiter?: string;
  /** What stands before the decimals, default `'.'`. */
  readonly decimal?: '.' | ',';
  /** Cells that mean "not known", compared without outer blanks. Default `['', 'NA', 'N/A', 'NaN', 'null', '?']`. */
  readonly missing?: readonly string[];
  /** The kind of columns by name, where the inferred one is not what you want: `{ zip: 'category' }`. */
  readonly kinds?: Readonly<Record<string, Column['kind']>>;
  /** Lines that begin with this are left out. Default: none are. */
  readonly comment?: string;
  /** The longest cell, in characters, default 100,000: an unclosed quote must not swallow a file unnoticed. */
  readonly maxCell?: number;
}

const usualMissing = ['', 'NA', 'N/A', 'NaN', 'null', '?'];

/**
 * Reads CSV into typed columns. A column is a *number* if every known cell is a plain decimal (no leading zeros, so that
 * zip codes stay text, and no integers past 2^53), *boolean* if every one is true or false, a *date* (milliseconds since
 * 1970, UTC) if every one is an ISO 8601 date or time, else a *category* with its distinct texts in sorted order.
 * Look at the result with `describeTable` before you train on it.
 * @param text  The text, or its UTF-8 bytes.
 * @returns  A table; `missing` masks are there where cells were not known.
 * @throws FORMAT  if a line has more or fewer cells than the header, a name comes twice, a quote is not closed, a cell is too
 *   long, or the bytes are not UTF-8; the message names the line.
 * @throws OPTION  if `kinds` names no column or a cell does not fit the kind asked for.
 * @throws DATA  if there is no row.
 * @example
 * import { readCsv } from '@dendrite/datasets/csv';
 * import { describeTable } from '@dendrite/datasets';
 * const table = readCsv('sepal,species\n5.1,setosa\n7.0,versicolor');
 * describeTable(table); // [{ name: 'sepal', kind: 'number', missing: 0, min: 5.1, max: 7 }, …]
 */
export function readCsv(text: string | Uint8Array, options: CsvOptions = {}): Table {
  const { header = true, missing = usualMissing, kinds = {}, decimal = '.' } = options;
  const lines = split(typeof text === 'string' ? text.replace(/^\uFEFF/, '') : decode(text), options);
  const names = header === true ? namesOf(lines.shift()) : namesGiven(header, lines[0]);
  if (lines.length === 0) {
    throw new DendriteError(
      'DATA',
      'readCsv(): the text must hold at least one row of data, got none. A first line alone is taken as names: say { header: false } if it is data.',
    );
  }
  for (const { cells, line } of lines) {
    if (cells.length === names.length) continue;
    throw new DendriteError(
      'FORMAT',
      `readCsv(): every line must have as many cells as there are columns (${names.length}), got ${cells.length} in line ${line}. Quote cells that contain the delimiter, or mend the line.`,
    );
  }
  const stray = Object.keys(kinds).find((name) => !names.includes(name));
  if (stray !== undefined) {
    throw new DendriteError(
      'OPTION',
      `readCsv(): options.kinds must name columns, got '${stray}'. The columns are ${names.map((name) => `'${name}'`).join(', ')}.`,
    );
  }
  const unknown = new Set(missing);
  const columns = names.map((name, at) => {
    const cells = lines.map((line) => (line.cells[at] ?? '').trim());
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    return inferColumn(name, cells, { unknown, decimal, kind, lineOf: (row) => lines[row]?.line ?? 0 });
  });
  return { '~dendrite': 'table', rows: lines.length, columns };
}

interface Line {
  readonly cells: readonly string[];
  /** Where it begins, counted from 1. */
  readonly line: number;
}

function split(text: string, options: CsvOptions): Line[] {
  const { delimiter = guessDelimiter(text), comment = false, maxCell = 100_000 } = options;
  // One kind of line end: papaparse guesses it from the start of the text, and files with two kinds exist.
  const parsed = papaparse.parse<string[]>(text.replace(/\r\n?/g, '\n'), { delimiter, newline: '\n' });
  const quoted = text.includes('"');
  const faults = new Map(parsed.errors.map((error) => [error.row, error]));
  const lines: Line[] = [];
  let line = 1;
  parsed.data.forEach((cells, row) => {
    const fault = faults.get(row);
    if (fault !== undefined) {
      throw new DendriteError(
        'FORMAT',
        `readCsv(): quotes must be closed and doubled inside quotes, got a stray one in line ${line}. Mend the line.`,
        { cause: fault },
      );
    }
    const begun = line;
    line++;
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at] ?? '';
      if (cell.length > maxCell) {
        throw new DendriteError(
          'FORMAT',
          `readCsv(): a cell must have at most ${maxCell} characters, got ${cell.length} in line ${begun}, cell ${at + 1}. Raise options.maxCell if that is right.`,
        );
      }
      if (quoted && cell.includes('\n')) line += cell.split('\n').length - 1;
    }
    const empty = cells.length === 1 && cells[0]?.trim() === '';
    const commented = comment !== false && comment !== '' && (cells[0] ?? '').startsWith(comment);
    if (!empty && !commented) lines.push({ cells, line: begun });
  });
  return lines;
}

function guessDelimiter(text: string): string {
  const first = /^\s*([^\n\r]*)/.exec(text)?.[1]?.replace(/"[^"]*"/g, '') ?? '';
  let best = ',';
  for (const candidate of [';', '\t', '|']) if (count(first, candidate) > count(first, best)) best = candidate;
  return best;
}
const count = (text: string, part: string): number => text.split(part).length - 1;

function namesOf(first: Line | undefined): readonly string[] {
  const names = (first?.cells ?? []).map((cell, at) => cell.trim() || `column ${at + 1}`);
  return distinct(names, `line ${first?.line ?? 1}`);
}

function namesGiven(header: false | readonly string[], first: Line | undefined): readonly string[] {
  if (header !== false) return distinct(header, 'options.header');
  return (first?.cells ?? []).map((_, at) => `column ${at + 1}`);
}

function distinct(names: readonly string[], where: string): readonly string[] {
  const seen = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    const before = seen.get(name);
    if (before !== undefined) {
      throw new DendriteError(
        'FORMAT',
        `readCsv(): columns must have names of their own, got '${name}' for columns ${before + 1} and ${at + 1} in ${where}. Rename one, or give options.header.`,
      );
    }
    seen.set(name, at);
  }
  return names;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DendriteError(
      'FORMAT',
      'readCsv(): bytes must be UTF-8 text, got others. Decode them yourself (new TextDecoder(encoding)) and give the text.',
      { cause },
    );
  }
}
