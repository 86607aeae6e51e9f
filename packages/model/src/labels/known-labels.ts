/** Labels that a model knows already: the code of each value among them, and what is said of one that is not. */
import { DendriteError, type Label } from '@dendrite/spec';
import { showLabel } from './label-codes.ts';

/**
 * The place of each value among known labels.
 * @throws DATA  where a value is not among them; it names the row and the labels
 */
export function codesOf(values: ArrayLike<Label>, labels: readonly Label[], where: string): Int32Array {
  const places = new Map(labels.map((label, code) => [label, code]));
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as Label;
    const code = places.get(value);
    if (code === undefined)
      throw new DendriteError(
        'DATA',
        `${where}: a label must be one of those seen in training (${listLabels(labels)}), got ${showLabel(value)} in row ${i}. ${hint(value, labels)}`,
      );
    codes[i] = code;
  }
  return codes;
}

/** At most a dozen, in words. */
export function listLabels(labels: readonly Label[]): string {
  return labels.length > 12
    ? `${labels.slice(0, 10).map(showLabel).join(', ')}, … ${labels.length} in all`
    : labels.map(showLabel).join(', ');
}

function hint(value: Label, labels: readonly Label[]): string {
  const twin = labels.find((label) => String(label) === String(value));
  return twin === undefined
    ? 'Train with this label, or leave the row out.'
    : `The label ${showLabel(twin)} is a ${typeof twin}: convert this one.`;
}
