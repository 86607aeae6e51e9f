/** Weights of rows and of classes as one: loaded where there are any. */
import { DendriteError } from '@dendrite/spec';

export interface RowWeights {
  /** One a row. */
  readonly rowWeights: Float64Array;
  /** The rows that count for anything, where some do not: no tree draws the others. */
  readonly among?: Uint32Array;
}

/**
 * Undefined where every row counts alike.
 * @throws DATA  where no row counts
 */
export function rowWeightsOf(
  targets: ArrayLike<number>,
  sampleWeight: Float32Array | undefined,
  classWeight: Float32Array | undefined,
): RowWeights | undefined {
  const rowWeights = Float64Array.from(targets, (code, i) => (sampleWeight?.[i] ?? 1) * (classWeight?.[code] ?? 1));
  if (rowWeights.every((weight) => weight === 1)) return undefined;
  const among = Uint32Array.from(rowWeights.keys()).filter((row) => rowWeights[row] !== 0);
  if (among.length === 0)
    throw new DendriteError(
      'DATA',
      'fit(): sampleWeight times classWeight must be positive for a row, got 0 for every one. Weigh a class that has rows.',
    );
  return { rowWeights, ...(among.length < rowWeights.length && { among }) };
}
