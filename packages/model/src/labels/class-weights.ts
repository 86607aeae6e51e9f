/** Weights of classes: given by label, or such that every class counts alike. */
import { DendriteError, type Label } from '@dendrite/spec';
import { listLabels } from './known-labels.ts';

/** @throws OPTION  where there are no classes to weigh */
export function checkWeighable(task: 'classification' | 'regression', where: string): void {
  if (task === 'regression')
    throw new DendriteError(
      'OPTION',
      `${where}: classWeight is for classifiers, got it for a regression model. Weigh rows with sampleWeight.`,
    );
}

/**
 * One weight a code. `'balanced'`: `rows / (classes · rows of the class)`; a record: by label, 1 where it has none.
 * @throws OPTION  for an unknown label, or a weight that is negative or not finite
 * @source King, Zeng: Logistic regression in rare events data (2001), the weights of 'balanced'
 */
export function classWeights(
  given: 'balanced' | Readonly<Record<string, number>>,
  labels: readonly Label[],
  codes: ArrayLike<number>,
  where: string,
): Float32Array {
  const weights = new Float32Array(labels.length).fill(1);
  if (given === 'balanced') {
    const counts = new Float64Array(labels.length);
    for (let i = 0; i < codes.length; i++) counts[codes[i] as number] = (counts[codes[i] as number] as number) + 1;
    const present = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
    counts.forEach((count, code) => {
      weights[code] = count > 0 ? codes.length / (present * count) : 0;
    });
    return weights;
  }
  if (typeof given !== 'object' || given === null)
    throw new DendriteError(
      'OPTION',
      `${where}: classWeight must be 'balanced' or { label: weight }, got ${String(given)}.`,
    );
  const places = new Map(labels.map((label, code) => [String(label), code]));
  for (const [label, weight] of Object.entries(given)) {
    const code = places.get(label);
    if (code === undefined)
      throw new DendriteError(
        'OPTION',
        `${where}: classWeight must name labels of the data (${listLabels(labels)}), got '${label}'.`,
      );
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new DendriteError(
        'OPTION',
        `${where}: a class weight must be finite and at least 0, got ${weight} for '${label}'. Give 0 to leave the class out.`,
      );
    weights[code] = weight;
  }
  return weights;
}
