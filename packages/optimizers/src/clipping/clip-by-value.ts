/** Limits every element of a gradient. */
import { clip, mapTree } from '@dendrite/core';
import { DendriteError, type Tree } from '@dendrite/spec';

/**
 * Each element into `[−limit, limit]`: `min(max(g, −limit), limit)`. Changes the gradient's direction; `clipByGlobalNorm` does not.
 * NaN stays NaN.
 * @param gradients  stays the caller's
 * @param limit      above 0
 * @returns  a new tree of the same form
 * @throws OPTION  if the limit is not above 0
 * @example
 * import { tensor } from '@dendrite/core';
 * import { clipByValue } from '@dendrite/optimizers';
 * const { weight } = clipByValue({ weight: tensor([-3, 0.25]) }, 0.5);
 * await weight.toArray(); // [-0.5, 0.25]
 */
export function clipByValue<G extends Tree>(gradients: G, limit: number): G {
  if (!(limit > 0))
    throw new DendriteError(
      'OPTION',
      `clipByValue(): limit must be above 0, got ${limit}. Typical values are 0.5 to 5.`,
    );
  return mapTree(gradients as Tree, (gradient) => clip(gradient, { min: -limit, max: limit })) as G;
}
