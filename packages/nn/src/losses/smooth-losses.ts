/** Squares near the target, absolute values far from it: smooth L1 and Huber's loss, which differ by a factor. */
import { abs, less, mul, square, sub, where } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { checkOptions, positive } from '../option/check-options.ts';
import { type Reduction, reduced, reductionRule, sameForm } from './reduction.ts';

/** `d² / 2` where `d < bound`, `bound · (d − bound / 2)` beyond, of `d = |y − t|`. */
function bent(outputs: Tensor, targets: Tensor, bound: number): Tensor {
  const distance = abs(sub(outputs, targets));
  return where(less(distance, bound), mul(square(distance), 0.5), mul(sub(distance, bound / 2), bound));
}

/**
 * `(y − t)² / 2β` where `|y − t| < β`, `|y − t| − β / 2` beyond: absolute error with a round foot.
 * @param outputs  any shape
 * @param targets  same shape and dtype
 * @param options.beta       above 0, default 1
 * @param options.reduction  `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit; nothing is broadcast
 * @source Girshick (2015), Fast R-CNN
 * @example
 * import { tensor } from '@dendrite/core';
 * import { smoothL1Loss } from '@dendrite/nn';
 * await smoothL1Loss(tensor([0.5, 3]), tensor([0, 0]), { reduction: 'none' }).toArray(); // [0.125, 2.5]
 */
export function smoothL1Loss(
  outputs: Tensor,
  targets: Tensor,
  options: { readonly beta?: number; readonly reduction?: Reduction } = {},
): Tensor {
  checkOptions('smoothL1Loss', options, { beta: positive, reduction: reductionRule });
  const { beta = 1, reduction = 'mean' } = options;
  sameForm('smoothL1Loss', outputs, targets);
  return reduced('smoothL1Loss', mul(bent(outputs, targets, beta), 1 / beta), reduction);
}

/**
 * `(y − t)² / 2` where `|y − t| < δ`, `δ · (|y − t| − δ / 2)` beyond: squared error that does not follow outliers.
 * @param outputs  any shape
 * @param targets  same shape and dtype
 * @param options.delta      above 0, default 1
 * @param options.reduction  `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit; nothing is broadcast
 * @source Huber (1964), Robust estimation of a location parameter
 * @example
 * import { tensor } from '@dendrite/core';
 * import { huberLoss } from '@dendrite/nn';
 * await huberLoss(tensor([1, 5]), tensor([0, 0]), { delta: 2, reduction: 'none' }).toArray(); // [0.5, 8]
 */
export function huberLoss(
  outputs: Tensor,
  targets: Tensor,
  options: { readonly delta?: number; readonly reduction?: Reduction } = {},
): Tensor {
  checkOptions('huberLoss', options, { delta: positive, reduction: reductionRule });
  const { delta = 1, reduction = 'mean' } = options;
  sameForm('huberLoss', outputs, targets);
  return reduced('huberLoss', bent(outputs, targets, delta), reduction);
}
