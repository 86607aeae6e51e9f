/** Scales a whole gradient down to a longest length. */
import {
  abs,
  add,
  cast,
  div,
  leaves,
  mapTree,
  max,
  maximum,
  minimum,
  mul,
  pow,
  sqrt,
  square,
  sum,
} from '@dendrite/core';
import { DendriteError, type DType, type Tensor, type Tree } from '@dendrite/spec';

/**
 * All gradients times `min(1, maxNorm / (norm + 1e-6))`, where `norm` is the length of all of them as one vector.
 * Keeps the direction. A norm that is NaN or infinite is not hidden: it is returned, and the gradients become NaN, so that a
 * guard after it can tell.
 * @param gradients         stays the caller's; at least one tensor
 * @param maxNorm           above 0
 * @param options.normType  `2` (default), any `p ≥ 1`, or `Infinity` for the largest absolute element
 * @returns  new gradients, and the norm before clipping as a rank-0 tensor
 * @throws OPTION  for a norm or a type out of its range, or an empty tree
 * @source Pascanu, Mikolov and Bengio (2013); formula of torch.nn.utils.clip_grad_norm_
 * @example
 * import { tensor } from '@dendrite/core';
 * import { clipByGlobalNorm } from '@dendrite/optimizers';
 * const { gradients, norm } = clipByGlobalNorm({ weight: tensor([3, 4]) }, 1);
 * await norm.item(); // 5
 */
export function clipByGlobalNorm<G extends Tree>(
  gradients: G,
  maxNorm: number,
  { normType = 2 }: { readonly normType?: number } = {},
): { readonly gradients: G; readonly norm: Tensor<readonly []> } {
  if (!(maxNorm > 0))
    throw new DendriteError(
      'OPTION',
      `clipByGlobalNorm(): maxNorm must be above 0, got ${maxNorm}. Typical values are 0.5 to 5.`,
    );
  if (!(normType >= 1))
    throw new DendriteError(
      'OPTION',
      `clipByGlobalNorm(): normType must be at least 1, got ${normType}. Use 2, or Infinity for the largest element.`,
    );
  const tensors = leaves(gradients).map(({ tensor }) => tensor);
  const [first] = tensors;
  if (first === undefined)
    throw new DendriteError('OPTION', 'clipByGlobalNorm(): gradients must hold a tensor, got an empty tree.');
  return first.runtime.scope(() => {
    const norm = globalNorm(tensors, first.dtype, normType);
    const factor = minimum(div(maxNorm, add(norm, 1e-6)), 1);
    return {
      gradients: mapTree(gradients as Tree, (gradient) => mul(gradient, inType(factor, gradient.dtype))) as G,
      norm: norm as Tensor<readonly []>,
    };
  });
}

function globalNorm(tensors: readonly Tensor[], dtype: DType, normType: number): Tensor {
  const parts = tensors.filter(({ size }) => size > 0).map((tensor) => inType(measure(tensor, normType), dtype));
  const [first, ...rest] = parts.length > 0 ? parts : tensors.map((tensor) => inType(sum(tensor), dtype));
  if (first === undefined)
    throw new DendriteError('OPTION', 'clipByGlobalNorm(): gradients must hold a tensor, got an empty tree.');
  const total = rest.reduce((a, b) => (normType === Infinity ? maximum(a, b) : add(a, b)), first);
  if (normType === 2) return sqrt(total);
  return normType === 1 || normType === Infinity ? total : pow(total, 1 / normType);
}

function measure(tensor: Tensor, normType: number): Tensor {
  if (normType === 2) return sum(square(tensor));
  if (normType === Infinity) return max(abs(tensor));
  return sum(normType === 1 ? abs(tensor) : pow(abs(tensor), normType));
}

const inType = (tensor: Tensor, dtype: DType): Tensor => (tensor.dtype === dtype ? tensor : cast(tensor, dtype));
