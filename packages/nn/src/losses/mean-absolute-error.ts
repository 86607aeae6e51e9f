/** The absolute distance between outputs and targets. */
import { abs, sub } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { checkOptions } from '../option/check-options.ts';
import { type Reduction, reduced, reductionRule, sameForm } from './reduction.ts';

/**
 * `|y − t|`, averaged over all elements: far outliers weigh less than with squares.
 * @param outputs  any shape
 * @param targets  same shape and dtype
 * @param options.reduction  `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit; nothing is broadcast
 * @gradient dy = sign(y − t) / n; 0 at 0
 * @example
 * import { tensor } from '@dendrite/core';
 * import { meanAbsoluteError } from '@dendrite/nn';
 * await meanAbsoluteError(tensor([1, 2]), tensor([1, 5])).item(); // 1.5
 */
export function meanAbsoluteError(
  outputs: Tensor,
  targets: Tensor,
  options: { readonly reduction?: Reduction } = {},
): Tensor {
  checkOptions('meanAbsoluteError', options, { reduction: reductionRule });
  sameForm('meanAbsoluteError', outputs, targets);
  return reduced('meanAbsoluteError', abs(sub(outputs, targets)), options.reduction ?? 'mean');
}
