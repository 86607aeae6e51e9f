/** How the losses of rows or elements become one number. */
import { div, mean, sum } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { oneOf, type Rule } from '../option/check-options.ts';

export type Reduction = 'mean' | 'sum' | 'none';
export const reductionRule: Rule = /*#__PURE__*/ oneOf('mean', 'sum', 'none');

/** @param weight  divisor of the mean where it is not the number of elements */
export function reduced(owner: string, losses: Tensor, reduction: Reduction, weight?: Tensor): Tensor {
  if (reduction === 'none') return losses;
  if (reduction === 'sum') return sum(losses);
  if (reduction !== 'mean')
    throw new DendriteError(
      'OPTION',
      `${owner}(): reduction must be 'mean', 'sum' or 'none', got '${String(reduction)}'.`,
    );
  return weight === undefined ? mean(losses) : div(sum(losses), weight);
}

/** @throws SHAPE, DTYPE  unless the targets are like the outputs */
export function sameForm(owner: string, outputs: Tensor, targets: Tensor): void {
  if (outputs.dtype !== targets.dtype)
    throw new DendriteError(
      'DTYPE',
      `${owner}(): targets must be ${outputs.dtype} as the outputs are, got ${targets.dtype}. Cast them.`,
    );
  if (
    outputs.shape.length !== targets.shape.length ||
    outputs.shape.some((length, axis) => length !== targets.shape[axis])
  )
    throw new DendriteError(
      'SHAPE',
      `${owner}(): targets must have the outputs' shape [${outputs.shape.join(', ')}], got [${targets.shape.join(', ')}]. Reshape them: broadcasting would compare every row with every other.`,
    );
}
