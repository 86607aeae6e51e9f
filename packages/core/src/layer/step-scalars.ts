/** Numbers that change every step, as tensors. */
import type { DType, Runtime, StepNumbers, StepScalars } from '@dendrite/spec';

/** Rank-0 tensors of the same names. @param options.dtype  float32 (default), or float64 for float64 parameters */
export function stepScalars(
  runtime: Runtime,
  numbers: StepNumbers,
  { dtype = 'float32' }: { readonly dtype?: DType } = {},
): StepScalars {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, runtime.tensor(value, [], dtype)]));
}
