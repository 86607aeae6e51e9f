/** Weights of rows, checked. */
import { DendriteError } from '@dendrite/spec';

/** @throws DATA  for a weight that is negative or not finite, as float32 too, or zeros only */
export function checkedWeights(given: ArrayLike<number>, where: string): Float32Array {
  const weights = Float32Array.from(given);
  weights.forEach((weight, i) => {
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new DendriteError(
        'DATA',
        `${where}: sampleWeight must be at least 0 and at most 3.4e38, the largest float32, got ${given[i]} in row ${i}. Give 0 to leave the row out.`,
      );
  });
  if (weights.every((weight) => weight === 0)) {
    const tiny = Array.from(given).some((weight) => weight !== 0);
    throw new DendriteError(
      'DATA',
      `${where}: sampleWeight must be positive somewhere, got zeros only. ${tiny ? 'Weights below 1e-45 are 0 as float32: multiply all by one number.' : 'Leave it out.'}`,
    );
  }
  return weights;
}
