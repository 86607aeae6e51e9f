/** What layer, group and instance norm share: values with mean 0 and variance 1 over some axes. */
import { add, mean, mul, rsqrt, square, sub } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';

/** `(x − mean) / √(variance + epsilon)` over `axes`, in two passes. */
export function normalised(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const centred = sub(x, mean(x, { axes, keepDims: true }));
  const spread = mean(square(centred), { axes, keepDims: true });
  return mul(centred, rsqrt(add(spread, epsilon)));
}
