/** Tensors from a value. */
import type { DType, Runtime, Shape, Tensor } from '@dendrite/spec';
import { defaultRuntime } from '../../engine/default-runtime.ts';
import { fitting } from '../expression/expression-op.ts';
import { whole } from '../option.ts';
import { fill } from './fill.ts';

export interface MakingOptions {
  /** Default float32. */
  readonly dtype?: DType;
  /** Default: the one `init()` made, else the CPU. */
  readonly runtime?: Runtime;
}

/** `value` in every element. @throws SHAPE, DTYPE */
export function full<const S extends Shape>(
  shape: S,
  value: number,
  { dtype = 'float32', runtime = defaultRuntime() }: MakingOptions = {},
): Tensor<S> {
  if (dtype !== 'float32' && dtype !== 'float64') fitting('full', value, dtype);
  return fill(runtime, { shape, dtype }, value);
}
/** 0 in every element. */
export const zeros = <const S extends Shape>(shape: S, options?: MakingOptions): Tensor<S> => full(shape, 0, options);
/** 1 in every element. */
export const ones = <const S extends Shape>(shape: S, options?: MakingOptions): Tensor<S> => full(shape, 1, options);
/** 0 in the shape and dtype of `x`, on its runtime. */
export const zerosLike = <S extends Shape>(x: Tensor<S>): Tensor<S> => fill(x.runtime, x, 0);
/** 1 in the shape and dtype of `x`, on its runtime. */
export const onesLike = <S extends Shape>(x: Tensor<S>): Tensor<S> => fill(x.runtime, x, 1);

/** `0, 1, … n − 1`. @param options.dtype  default int32 @throws OPTION unless n is a whole number ≥ 0 */
export function range(
  n: number,
  { dtype = 'int32', runtime = defaultRuntime() }: MakingOptions = {},
): Tensor<readonly [number]> {
  whole('range', 'n', n);
  return runtime.tensor(
    Array.from({ length: n }, (_, i) => i),
    [n],
    dtype,
  );
}
