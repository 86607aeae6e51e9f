/** Tensors of Dendrite to tensors of tfjs and back, by copy. */
import { DendriteError, type HostArray, type Runtime, type Shape, type Tensor } from '@dendrite/spec';

/** What is used of the tfjs namespace: `import * as tf from '@tensorflow/tfjs-core'`. */
export interface TfjsNamespace<T> {
  tensor(values: Float32Array | Int32Array | Uint8Array, shape: number[], dtype: 'float32' | 'int32' | 'bool'): T;
}
/** What is used of a tfjs tensor. */
export interface TfjsTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<ArrayLike<number> | readonly string[]>;
}

/**
 * A copy of `tensor` on tfjs's current backend; a uint8 becomes int32.
 * @param tf  the tfjs that shall own it: a program may hold several
 * @throws DTYPE  for float64, which tfjs has not
 * @example
 * import { toTfjs } from '@dendrite/backend-tfjs';
 * import { tensor } from '@dendrite/core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * await tf.setBackend('cpu');
 * const tfTensor = await toTfjs(tensor([1, 2]), tf);
 */
export async function toTfjs<T>(tensor: Tensor, tf: TfjsNamespace<T>): Promise<T> {
  const { dtype } = tensor;
  const shape = [...tensor.shape];
  switch (dtype) {
    case 'float32':
      return tf.tensor(await tensor.data('float32'), shape, 'float32');
    case 'int32':
      return tf.tensor(await tensor.data('int32'), shape, 'int32');
    case 'uint8':
      return tf.tensor(Int32Array.from(await tensor.data('uint8')), shape, 'int32');
    case 'bool':
      return tf.tensor(await tensor.data('bool'), shape, 'bool');
    case 'float64':
      throw new DendriteError(
        'DTYPE',
        "toTfjs(): dtype must be one that tfjs has, got float64. Cast it: cast(x, 'float32').",
      );
  }
}

/**
 * A copy of a tfjs tensor on `runtime`.
 * @throws DTYPE  for strings and complex numbers
 * @example
 * import { fromTfjs } from '@dendrite/backend-tfjs';
 * import { defaultRuntime } from '@dendrite/core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * await tf.setBackend('cpu');
 * const x = await fromTfjs(defaultRuntime(), tf.tensor2d([[1, 2], [3, 4]]));
 * await x.toArray(); // [[1, 2], [3, 4]]
 */
export async function fromTfjs(runtime: Runtime, tfTensor: TfjsTensor): Promise<Tensor> {
  const { dtype } = tfTensor;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw new DendriteError(
      'DTYPE',
      `fromTfjs(): dtype must be float32, int32 or bool, got ${dtype}. Convert it in tfjs first.`,
    );
  const shape: Shape = [...tfTensor.shape];
  const values = await tfTensor.data();
  const copy: HostArray =
    dtype === 'float32'
      ? Float32Array.from(values, Number)
      : dtype === 'int32'
        ? Int32Array.from(values, Number)
        : Uint8Array.from(values, Number);
  return runtime.tensor(copy, shape, dtype);
}
