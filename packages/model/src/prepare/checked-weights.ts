/** Weights of rows, checked. */
import { DendriteError } from '@dendrite/spec';

/** @throws DATA  for a weight that is negative or not finite, or zeros only */
export function checkedWeights(given: ArrayLike<number>, where: string): Float32Array {
  if (Array.from(given).every((weight) => weight === 0))
    throw new DendriteError('DATA', `${where}: sampleWeight must be positive somewhere, got zeros only. Leave it out.`);
  return Float32Array.from(given, (weight, i) => {
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new DendriteError(
        'DATA',
        `${where}: sampleWeight must be finite and at least 0, got ${weight} in row ${i}. Give 0 to leave the row out.`,
      );
    return weight;
  });
}
