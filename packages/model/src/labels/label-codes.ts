/** Labels as codes: what a classifier computes with, and the way back to what the caller wrote. */
import { DendriteError, type Label } from '@dendrite/spec';

export interface LabelCodes<T extends Label = Label> {
  /** Sorted: numbers by value, strings by code unit, false before true. */
  readonly labels: readonly T[];
  /** One a row, into `labels`. */
  readonly codes: Int32Array;
}

/**
 * The distinct labels, sorted, and each value's place among them. They come back exactly as given: `'1'` stays a string.
 * @throws DATA  where a label is missing or NaN, or labels are of several types; it names the row
 * @example
 * import { labelCodes } from '@dendrite/model';
 * labelCodes(['dog', 'cat', 'dog']); // { labels: ['cat', 'dog'], codes: Int32Array [1, 0, 1] }
 */
export function labelCodes<const T extends Label>(values: ArrayLike<T>, where = 'labelCodes()'): LabelCodes<T> {
  // Codes by first appearance, one look-up a row; then the few that differ are judged and sorted.
  const found = new Map<T, number>();
  const codes = new Int32Array(values.length);
  // Small whole numbers, as most are, need no map: one more than the code of each that was seen.
  const small = new Int32Array(256);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as T;
    let code = typeof value === 'number' ? (small[value] ?? 0) - 1 : -1;
    if (code < 0) {
      const known = found.get(value);
      code = known ?? found.size;
      if (known === undefined) found.set(value, code);
      if (typeof value === 'number' && value in small) small[value] = code + 1;
    }
    codes[i] = code;
  }
  const labels = [...found.keys()];
  const type = typeof values[0];
  if (labels.some((label) => !isLabel(label) || typeof label !== type)) throw notLabels(values, where);
  labels.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const places = new Int32Array(labels.length);
  labels.forEach((label, place) => {
    places[found.get(label) as number] = place;
  });
  for (let i = 0; i < codes.length; i++) codes[i] = places[codes[i] as number] as number;
  return { labels, codes };
}

function isLabel(value: Label): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value));
}
/** Names the first row that is wrong. */
function notLabels(values: ArrayLike<Label>, where: string): DendriteError {
  const first = values[0] as Label;
  const row = Array.from(values).findIndex((value) => !isLabel(value) || typeof value !== typeof first);
  const value = values[row] as Label;
  return new DendriteError(
    'DATA',
    isLabel(value)
      ? `${where}: labels must be of one type, got ${typeof first} ${showLabel(first)} in row 0 and ${typeof value} ${showLabel(value)} in row ${row}. Convert one of them.`
      : `${where}: a label must be a string, a number or a boolean, got ${String(value)} in row ${row}. Leave the row out.`,
  );
}

/** Quoted where it is text, so that '1' and 1 differ. */
export function showLabel(label: Label): string {
  return typeof label === 'string' ? `'${label}'` : String(label);
}
