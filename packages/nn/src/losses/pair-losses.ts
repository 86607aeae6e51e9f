/** Losses of vectors that should be near to or far from each other. */
import { abs, add, equal, minimum, mul, pow, relu, rsqrt, sqrt, square, sub, sum, where } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { checkOptions, flag, positive, type Rule } from '../option/check-options.ts';
import { type Reduction, reduced, reductionRule, sameForm } from './reduction.ts';

const margins: Rule = { must: 'lie in [−1, 1]', holds: (v) => typeof v === 'number' && v >= -1 && v <= 1 };
const along = { axes: -1 };

/** @throws SHAPE */
function vectors(owner: string, x: Tensor): void {
  if (x.shape.length < 2)
    throw new DendriteError('SHAPE', `${owner}(): vectors must be [rows, size], got [${x.shape.join(', ')}].`);
}

/**
 * `1 − cos(a, b)` for pairs with target 1, `max(0, cos(a, b) − margin)` for those with −1.
 * @param pairs    `{ first, second }`, both `[N, size]`
 * @param targets  1 (alike) or −1 (unlike), `[N]` in the pairs' dtype
 * @param options.margin     in [−1, 1], default 0
 * @param options.reduction  `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit
 * @source formula of torch.nn.CosineEmbeddingLoss
 * @example
 * import { tensor } from '@dendrite/core';
 * import { cosineEmbeddingLoss } from '@dendrite/nn';
 * const pairs = { first: tensor([[1, 0]]), second: tensor([[0, 2]]) };
 * await cosineEmbeddingLoss(pairs, tensor([1])).item(); // 1
 */
export function cosineEmbeddingLoss(
  { first, second }: { readonly first: Tensor; readonly second: Tensor },
  targets: Tensor,
  options: { readonly margin?: number; readonly reduction?: Reduction } = {},
): Tensor {
  const owner = 'cosineEmbeddingLoss';
  checkOptions(owner, options, { margin: margins, reduction: reductionRule });
  const { margin = 0, reduction = 'mean' } = options;
  vectors(owner, first);
  sameForm(owner, first, second);
  const products = sum(mul(first, second), along);
  sameForm(owner, products, targets);
  const power = (x: Tensor): Tensor => add(sum(square(x), along), 1e-12);
  const cosine = mul(products, rsqrt(mul(power(first), power(second))));
  return reduced(owner, where(equal(targets, 1), sub(1, cosine), relu(sub(cosine, margin))), reduction);
}

export interface TripletMarginOptions {
  readonly margin?: number;
  readonly power?: number;
  readonly epsilon?: number;
  readonly swap?: boolean;
  readonly reduction?: Reduction;
}

/**
 * `max(0, ‖a − p‖ − ‖a − n‖ + margin)`: an anchor must be nearer to its own kind than to another, by a margin.
 * @param triplets  `{ anchor, positive, negative }`, each `[N, size]`
 * @param options.margin     above 0, default 1
 * @param options.power      of the norm, above 0, default 2
 * @param options.epsilon    added to each difference, above 0, default 1e-6
 * @param options.swap       take the distance of positive and negative where it is the smaller one, default false
 * @param options.reduction  `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit
 * @source Schroff, Kalenichenko and Philbin (2015), FaceNet; swap: Balntas et al. (2016); formula of torch.nn.TripletMarginLoss
 * @example
 * import { tensor } from '@dendrite/core';
 * import { tripletMarginLoss } from '@dendrite/nn';
 * const triplets = { anchor: tensor([[0, 0]]), positive: tensor([[3, 4]]), negative: tensor([[0, 5]]) };
 * await tripletMarginLoss(triplets).item(); // 0.9999…
 */
export function tripletMarginLoss(
  {
    anchor,
    positive: near,
    negative: far,
  }: { readonly anchor: Tensor; readonly positive: Tensor; readonly negative: Tensor },
  options: TripletMarginOptions = {},
): Tensor {
  const owner = 'tripletMarginLoss';
  checkOptions(owner, options, {
    margin: positive,
    power: positive,
    epsilon: positive,
    swap: flag,
    reduction: reductionRule,
  });
  const { margin = 1, power = 2, epsilon = 1e-6, swap = false, reduction = 'mean' } = options;
  vectors(owner, anchor);
  sameForm(owner, anchor, near);
  sameForm(owner, anchor, far);
  const distance = (a: Tensor, b: Tensor): Tensor => {
    const off = add(sub(a, b), epsilon);
    return power === 2 ? sqrt(sum(square(off), along)) : pow(sum(pow(abs(off), power), along), 1 / power);
  };
  const other = distance(anchor, far);
  const apart = swap ? minimum(other, distance(near, far)) : other;
  return reduced(owner, relu(add(sub(distance(anchor, near), apart), margin)), reduction);
}
