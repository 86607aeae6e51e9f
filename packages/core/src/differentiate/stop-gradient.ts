/** Constants in the middle of a formula. */
import type { Shape, Tensor } from '@dendrite/spec';
import { checked } from '../ops/expression/expression-op.ts';

/** The same value, a constant to every gradient: nothing flows through it. */
export const stopGradient = <S extends Shape>(x: Tensor<S>): Tensor<S> => {
  const { runtime, shape } = checked(x, 'stopGradient');
  return runtime.reshape(x, shape) as Tensor<S>;
};
