/** Cross-entropy of independent yes-or-no targets. */
import { add, mul, neg, softplus, sub } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { anything, checkOptions } from '../option/check-options.ts';
import { type Reduction, reduced, reductionRule, sameForm } from './reduction.ts';

export interface BinaryCrossEntropyOptions {
  /** Weight of the positive targets: a number, or one for each of the last axis. */
  readonly positiveWeight?: number | Tensor | readonly number[];
  readonly reduction?: Reduction;
}

/**
 * `−t·ln σ(x) − (1 − t)·ln(1 − σ(x))`, element by element, from logits: `x·(1 − t) + (1 + (p − 1)·t)·softplus(−x)`.
 * @param logits   any shape, before any sigmoid
 * @param targets  numbers in [0, 1], same shape and dtype
 * @param options.positiveWeight  factor p of the positive part, default 1
 * @param options.reduction       `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit
 * @numerics softplus(−x) = max(−x, 0) + log1p(e^−|x|) never overflows
 * @source formula of torch.nn.BCEWithLogitsLoss
 * @example
 * import { tensor } from '@dendrite/core';
 * import { binaryCrossEntropyWithLogits } from '@dendrite/nn';
 * const loss = binaryCrossEntropyWithLogits(tensor([0, 0]), tensor([1, 0]));
 * await loss.item(); // 0.6931…
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  targets: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  checkOptions('binaryCrossEntropyWithLogits', options, {
    positiveWeight: anything,
    reduction: reductionRule,
  });
  const { reduction = 'mean' } = options;
  sameForm('binaryCrossEntropyWithLogits', logits, targets);
  const weight = positiveWeight(options.positiveWeight, logits);
  const negative = mul(logits, sub(1, targets));
  const tail = softplus(neg(logits));
  const losses = add(negative, weight === undefined ? tail : mul(add(mul(sub(weight, 1), targets), 1), tail));
  return reduced('binaryCrossEntropyWithLogits', losses, reduction);
}

function positiveWeight(given: number | Tensor | readonly number[] | undefined, logits: Tensor): Tensor | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'object' && '~dendrite' in given) return given;
  const numbers = typeof given === 'number' ? [given] : [...given];
  if (numbers.some((weight) => !(weight >= 0)))
    throw new DendriteError(
      'OPTION',
      `binaryCrossEntropyWithLogits(): positiveWeight must be numbers of at least 0, got ${JSON.stringify(given)}.`,
    );
  return logits.runtime.tensor(numbers, typeof given === 'number' ? [] : [numbers.length], logits.dtype);
}
