/** Bounds. */
import { DendriteError, type Shape, type Tensor } from '@dendrite/spec';
import { checked, dy, unaryWithNumbers, x } from '../expression/expression-op.ts';
import { argument, f, where } from '../expression/formula.ts';

const run = /*#__PURE__*/ unaryWithNumbers(
  'core/clip',
  where(f.lt(x, argument(0)), argument(0), where(f.lt(argument(1), x), argument(1), x)),
  where(f.and(f.le(argument(0), x), f.le(x, argument(1))), dy, 0),
);

/**
 * Bounded: `min(max(x, min), max)`; NaN stays NaN.
 * @param options.min  default −∞
 * @param options.max  default ∞
 * @gradient  dx = dy where min ≤ x ≤ max, else 0
 * @throws OPTION  if min > max or either is NaN
 * @example
 * import { clip, tensor } from '@dendrite/core';
 * await clip(tensor([-3, 0.5, 3]), { min: -1, max: 1 }).toArray(); // [-1, 0.5, 1]
 */
export function clip<S extends Shape>(
  x: Tensor<S>,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: { readonly min?: number; readonly max?: number },
): Tensor<S> {
  if (!(min <= max)) throw new DendriteError('OPTION', `clip(): min must be ≤ max, got ${min} and ${max}.`);
  const { dtype } = checked(x, 'clip');
  if (dtype === 'float32' || dtype === 'float64') return run(x, [min, max]);
  // Integers: an infinite or broken bound as the nearest whole number that an int32 holds.
  return run(x, [Math.max(Math.ceil(min), -(2 ** 31)), Math.min(Math.floor(max), 2 ** 31 - 1)]);
}
