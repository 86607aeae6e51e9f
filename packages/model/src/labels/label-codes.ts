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
  const whole = ArrayBuffer.isView(values) && typeof values[0] === 'number' && wholeCodes<T>(values);
  if (whole) return whole;
  // Codes by first appearance, one look-up a row; then the few that differ are judged and sorted.
  const found = new Map<T, number>();
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as T;
    const known = found.get(value);
    codes[i] = known ?? found.size;
    if (known === undefined) found.set(value, found.size);
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

/** Of whole numbers below 256, as most are: a loop with little in it, for it runs mostly before a compiler has seen it. */
function wholeCodes<T extends Label>(values: ArrayLike<T>): LabelCodes<T> | undefined {
  const places = new Int32Array(256);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (places[value] === undefined) return undefined;
    places[value] = 1;
  }
  const labels = [...places.keys()].filter((value) => places[value] === 1);
  const codes = new Int32Array(values as ArrayLike<number>);
  // From 0 on without a gap they are their own codes.
  if (labels.length < 1 + (labels.at(-1) as number)) {
    labels.forEach((value, place) => {
      places[value] = place;
    });
    for (let i = 0; i < codes.length; i++) codes[i] = places[codes[i] as number] as number;
  }
  return { labels: labels as Label[] as T[], codes };
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
      : `${where}: a label must be a string, a number or a boolean, got ${String(value)} in row ${row}. Convert it, or leave the row out.`,
  );
}

/** Quoted where it is text, so that '1' and 1 differ. */
export function showLabel(label: Label): string {
  return typeof label === 'string' ? `'${label}'` : String(label);
}
