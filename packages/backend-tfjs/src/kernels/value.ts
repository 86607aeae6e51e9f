/** What tfjs calls a TensorInfo: a reference to data that its backend holds, read under a shape. */
import type { DType, Shape } from '@dendrite/spec';

/** The element types tfjs stores; a uint8 lives there as int32. */
export type StoredDtype = 'float32' | 'int32' | 'bool';

export interface Value {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: StoredDtype;
}

export const storedDtype = (dtype: DType): StoredDtype =>
  dtype === 'float32' || dtype === 'bool' ? dtype : dtype === 'float64' ? 'float32' : 'int32';

export const sizeOf = (shape: Shape): number => {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
};

/** The same data under another shape of the same size: tfjs's values are dense, so this costs nothing. */
export const reshaped = (value: Value, shape: Shape): Value => ({
  dataId: value.dataId,
  shape: [...shape],
  dtype: value.dtype,
});

export const arrayOf = (dtype: StoredDtype, numbers: Iterable<number>): Float32Array | Int32Array | Uint8Array =>
  dtype === 'float32'
    ? Float32Array.from(numbers)
    : dtype === 'int32'
      ? Int32Array.from(numbers)
      : Uint8Array.from(numbers);
