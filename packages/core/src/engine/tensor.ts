/** Tensors and scopes on the default runtime. */
import type { DType, HostArray, NestedNumbers, Shape, Synchronous, Tensor, Tree } from '@dendrite/spec';
import { leaves } from '../tree/tree.ts';
import { defaultRuntime } from './default-runtime.ts';
import { keepTensors, runInScope } from './scope.ts';
import { TensorHandle } from './tensor-handle.ts';

/**
 * A tensor of this data on the default runtime.
 * @param data  nested numbers or booleans, or a typed array
 * @param shape  default: the nesting
 * @param dtype  default: the typed array's, bool for booleans, else float32
 * @throws SHAPE, DTYPE
 * @example
 * import { matmul, tensor } from '@dendrite/core';
 * const x = tensor([[1, 2], [3, 4]]);
 * await matmul(x, x).toArray(); // [[7, 10], [15, 22]]
 */
export const tensor = <const S extends Shape = Shape>(
  data: NestedNumbers | HostArray | readonly boolean[],
  shape?: S,
  dtype?: DType,
): Tensor<S> => defaultRuntime().tensor(data, shape, dtype);

/**
 * Runs `f` and frees every tensor it made and did not return, of every runtime. `f` must be synchronous.
 * @throws OPTION  if `f` gives a promise
 * @example
 * import { mul, scope, sum, tensor } from '@dendrite/core';
 * const x = tensor([1, 2, 3]);
 * const total = scope(() => sum(mul(x, x))); // the product is freed
 * await total.item(); // 14
 */
export const scope = <T>(f: () => Synchronous<T>): T => runInScope<T>(f as () => T, 'scope');

/** Takes the tensors of `value` out of all scopes: they live until disposed. */
export const keep = <T>(value: T): T => keepTensors(value);

/** Ends the tensors of a state that a step has replaced: their next use throws DISPOSED and says that a step consumed them. */
export function consume(state: Tree): void {
  for (const { tensor } of leaves(state)) {
    if (tensor instanceof TensorHandle) tensor.release('consumed');
    else tensor.dispose(); // another copy's
  }
}
