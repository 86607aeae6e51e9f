/** A CSV file of plain numbers, read from its bytes: large tables in the memory of their columns. Anything else is for `readCsv`. */
import type { Column, Table } from '@dendrite/spec';

const [newline, comma, minus, plus, point, zero, nine] = [10, 44, 45, 43, 46, 48, 57];
const carriageReturn = 13;

/** The table; undefined where a cell is no plain number (text, quotes, nothing, an exponent), or lines are of unequal length. */
export function readNumbers(bytes: Uint8Array): Table | undefined {
  const end = bytes.indexOf(newline);
  if (end < 0) return undefined;
  const heading = new TextDecoder().decode(bytes.subarray(0, end)).trim();
  if (heading.includes('"')) return undefined;
  const names = heading.split(',').map((name) => name.trim());
  if (new Set(names).size < names.length || names.some((name) => name === '')) return undefined;
  let rows = 0;
  for (let at = end + 1; at < bytes.length; at++) if (bytes[at] === newline) rows++;
  if (bytes.at(-1) !== newline) rows++;
  // Whole numbers from 0 to 255 until one is not.
  const columns: (Uint8Array | Float64Array)[] = names.map(() => new Uint8Array(rows));
  let at = end + 1;
  for (let row = 0; row < rows; row++) {
    for (let f = 0; f < names.length; f++) {
      const negative = bytes[at] === minus;
      if (negative || bytes[at] === plus) at++;
      let value = 0;
      let digits = 0;
      let decimals = -1;
      for (; ; at++) {
        const byte = bytes[at] ?? newline;
        if (byte >= zero && byte <= nine) {
          value = 10 * value + byte - zero;
          digits++;
          if (decimals >= 0) decimals++;
        } else if (byte === point && decimals < 0) decimals = 0;
        else break;
      }
      // Up to 15 digits the two steps below round once.
      if (digits === 0 || digits > 15) return undefined;
      if (decimals > 0) value /= 10 ** decimals;
      if (negative) value = -value;
      let column = columns[f] as Uint8Array | Float64Array;
      if (column instanceof Uint8Array && !(value >= 0 && value <= 255 && Number.isInteger(value)))
        column = columns[f] = Float64Array.from(column);
      column[row] = value;
      if (bytes[at] === carriageReturn) at++;
      if ((bytes[at] ?? newline) !== (f + 1 < names.length ? comma : newline)) return undefined;
      at++;
    }
  }
  return {
    '~dendrite': 'table',
    rows,
    columns: names.map(
      (name, f): Column => ({ name, kind: 'number', values: columns[f] as Uint8Array | Float64Array }),
    ),
  };
}
