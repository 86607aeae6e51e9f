/** The Euclidean loss: squared distance between outputs and targets. */
import { square, sub } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { checkOptions } from '../option/check-options.ts';
import { type Reduction, reduced, reductionRule, sameForm } from './reduction.ts';

/**
 * `(y − t)²`, averaged over all elements.
 * @param outputs  any shape
 * @param targets  same shape and dtype
 * @param options.reduction  `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit; nothing is broadcast
 * @gradient dy = 2·(y − t) / n
 * @example
 * import { tensor } from '@dendrite/core';
 * import { meanSquaredError } from '@dendrite/nn';
 * await meanSquaredError(tensor([1, 2]), tensor([1, 4])).item(); // 2
 */
export function meanSquaredError(
  outputs: Tensor,
  targets: Tensor,
  options: { readonly reduction?: Reduction } = {},
): Tensor {
  checkOptions('meanSquaredError', options, { reduction: reductionRule });
  sameForm('meanSquaredError', outputs, targets);
  return reduced('meanSquaredError', square(sub(outputs, targets)), options.reduction ?? 'mean');
}
