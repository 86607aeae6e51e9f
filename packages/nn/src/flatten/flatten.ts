/** All axes but the batch's in one. */
import { reshape } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';

/**
 * `[B, …]` → `[B, product of the rest]`; shares the bytes. A layer as it is: `sequential(flatten, dense(10))`.
 * @throws SHAPE  for a tensor without a batch axis
 * @example
 * import { zeros } from '@dendrite/core';
 * import { flatten } from '@dendrite/nn';
 * flatten(zeros([32, 28, 28, 1])).shape; // [32, 784]
 */
export function flatten(x: Tensor): Tensor {
  const [batch, ...rest] = x.shape;
  if (batch === undefined)
    throw new DendriteError('SHAPE', 'flatten(): x must have a batch axis, got a tensor without axes.');
  return reshape(x, [batch, rest.reduce((a, b) => a * b, 1)]);
}
