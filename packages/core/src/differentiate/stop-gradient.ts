/** Constants in the middle of a formula. */
import type { Shape, Tensor } from '@dendrite/spec';
import { checked } from '../ops/expression/expression-op.ts';

/**
 * The same value, a constant to every gradient: nothing flows through it.
 * @example
 * import { grad, mul, stopGradient, sum, tensor } from '@dendrite/core';
 * await grad((x) => sum(mul(stopGradient(x), x)))(tensor([3, 4])).toArray(); // [3, 4]
 */
export const stopGradient = <S extends Shape>(x: Tensor<S>): Tensor<S> => {
  const { runtime, shape } = checked(x, 'stopGradient');
  return runtime.reshape(x, shape) as Tensor<S>;
};
