/** What a core answered, checked: lengths, and one code or number a row. */
import { DendriteError } from '@dendrite/spec';
import type { CoreOutput } from '../definition/definition.ts';
import type { Answering } from './trained.ts';

export interface Answers {
  /** Codes or numbers. */
  readonly values: ArrayLike<number>;
  /** `[rows, labels]` */
  readonly probabilities?: Float32Array;
}

/**
 * @throws OPTION  where the definition's core answers with too few values; NUMERIC where a class cannot be told because of NaN
 */
export function checkedOutput(
  { values, probabilities }: CoreOutput,
  rows: number,
  labels: number,
  { meta, capabilities }: Answering['definition'],
  firstRow: number,
): Answers {
  const wrong = (what: string, got: number | undefined): DendriteError =>
    new DendriteError(
      'OPTION',
      `predict(): the core of '${meta.name}' must give ${what}, got ${got ?? 'none'}. Correct its definition.`,
    );
  if (probabilities ? probabilities.length !== rows * labels : capabilities.probabilities)
    throw wrong(`${rows} × ${labels} probabilities`, probabilities?.length);
  if (probabilities && !values) return { values: largest(probabilities, rows, labels, firstRow), probabilities };
  if (values?.length !== rows) throw wrong(`${rows} values`, values?.length);
  if (capabilities.task === 'classification')
    for (let i = 0; i < rows; i++)
      if (!(Number.isInteger(values[i]) && (values[i] as number) >= 0 && (values[i] as number) < labels))
        throw wrong(`codes from 0 to ${labels - 1}`, values[i]);
  return { values, ...(probabilities && { probabilities }) };
}

/** The first of the largest; NaN in a row leaves no answer. */
function largest(probabilities: Float32Array, rows: number, labels: number, firstRow: number): Int32Array {
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let best = 0;
    for (let k = 0; k < labels; k++) {
      const value = probabilities[i * labels + k] as number;
      if (Number.isNaN(value))
        throw new DendriteError(
          'NUMERIC',
          `predict(): probabilities must be numbers, got NaN in row ${firstRow + i}. The model or this row is not finite.`,
        );
      if (value > (probabilities[i * labels + best] as number)) best = k;
    }
    codes[i] = best;
  }
  return codes;
}
