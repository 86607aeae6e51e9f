/** Negative log-likelihoods of counts (Poisson) and of measurements with a variance of their own (Gauss). */
import { add, div, exp, greater, log, maximum, mul, square, stopGradient, sub, where } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { checkOptions, flag, positive } from '../option/check-options.ts';
import { type Reduction, reduced, reductionRule, sameForm } from './reduction.ts';

export interface PoissonLossOptions {
  readonly logOutputs?: boolean;
  readonly full?: boolean;
  readonly epsilon?: number;
  readonly reduction?: Reduction;
}

/**
 * `eʸ − t · y` for outputs that are logarithms of rates, `y − t · ln(y + ε)` for rates: counts t drawn by Poisson's law.
 * @param outputs  any shape
 * @param targets  counts, same shape and dtype
 * @param options.logOutputs  outputs are logarithms, default true
 * @param options.full        with Stirling's `t ln t − t + ½ ln 2πt` where t > 1, default false
 * @param options.epsilon     keeps ln finite at rate 0, above 0, default 1e-8
 * @param options.reduction   `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit; nothing is broadcast
 * @source formula of torch.nn.PoissonNLLLoss
 * @example
 * import { tensor } from '@dendrite/core';
 * import { poissonLoss } from '@dendrite/nn';
 * await poissonLoss(tensor([0]), tensor([3])).item(); // 1
 */
export function poissonLoss(outputs: Tensor, targets: Tensor, options: PoissonLossOptions = {}): Tensor {
  checkOptions('poissonLoss', options, { logOutputs: flag, full: flag, epsilon: positive, reduction: reductionRule });
  const { logOutputs = true, full = false, epsilon = 1e-8, reduction = 'mean' } = options;
  sameForm('poissonLoss', outputs, targets);
  const losses = logOutputs
    ? sub(exp(outputs), mul(targets, outputs))
    : sub(outputs, mul(targets, log(add(outputs, epsilon))));
  return reduced('poissonLoss', full ? add(losses, stirling(targets)) : losses, reduction);
}

function stirling(counts: Tensor): Tensor {
  const large = greater(counts, 1);
  const safe = where(large, counts, 1);
  const terms = add(sub(mul(safe, log(safe)), safe), mul(log(mul(safe, 2 * Math.PI)), 0.5));
  return where(large, terms, 0);
}

export interface GaussianLossOptions {
  readonly full?: boolean;
  readonly epsilon?: number;
  readonly reduction?: Reduction;
}

/**
 * `½ (ln v + (y − t)² / v)`: a network that says how sure it is.
 * @param outputs  `{ mean, variance }`: mean in any shape; variance in the same, or with a last axis of 1
 * @param targets  in the mean's shape and dtype
 * @param options.full       with `½ ln 2π`, default false
 * @param options.epsilon    least variance, above 0, default 1e-6; the gradient passes as if it were not bounded
 * @param options.reduction  `'mean'` (default), `'sum'` or `'none'`
 * @throws SHAPE, DTYPE, OPTION  if they do not fit
 * @source Nix and Weigend (1994); formula of torch.nn.GaussianNLLLoss
 * @example
 * import { tensor } from '@dendrite/core';
 * import { gaussianLoss } from '@dendrite/nn';
 * const outputs = { mean: tensor([1, 2]), variance: tensor([1, 1]) };
 * await gaussianLoss(outputs, tensor([1, 4])).item(); // 1
 */
export function gaussianLoss(
  { mean, variance }: { readonly mean: Tensor; readonly variance: Tensor },
  targets: Tensor,
  options: GaussianLossOptions = {},
): Tensor {
  checkOptions('gaussianLoss', options, { full: flag, epsilon: positive, reduction: reductionRule });
  const { full = false, epsilon = 1e-6, reduction = 'mean' } = options;
  sameForm('gaussianLoss', mean, targets);
  const shape = mean.shape;
  if (
    variance.shape.length !== shape.length ||
    variance.shape.some((length, i) => length !== shape[i] && !(i === shape.length - 1 && length === 1))
  )
    throw new DendriteError(
      'SHAPE',
      `gaussianLoss(): variance must have the mean's shape [${shape.join(', ')}], or 1 on the last axis, got [${variance.shape.join(', ')}].`,
    );
  const bounded = add(variance, stopGradient(sub(maximum(variance, epsilon), variance)));
  const losses = mul(add(log(bounded), div(square(sub(mean, targets)), bounded)), 0.5);
  return reduced('gaussianLoss', full ? add(losses, 0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}
