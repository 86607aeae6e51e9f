/** One over the number of elements that each window averages. */
import type { Attributes, Tensor } from '@dendrite/spec';
import type { Both } from '../window/padding.ts';
import { pairAttribute, windowAttributes } from '../window/window-attributes.ts';

/** `[H', W', 1]` in the dtype of `like`; made on the host, because it depends on lengths alone. */
export function windowShares(like: Tensor, spatial: Both, count: Both, attributes: Attributes): Tensor {
  const size = pairAttribute(attributes, 'size');
  const { stride, before } = windowAttributes(attributes);
  const padded = attributes.countPadding === true;
  const seen = (axis: 0 | 1, i: number): number => {
    const start = i * stride[axis] - before[axis];
    return padded ? size[axis] : Math.min(spatial[axis], start + size[axis]) - Math.max(0, start);
  };
  const shares = new Float64Array(count[0] * count[1]);
  for (let i = 0; i < count[0]; i++)
    for (let j = 0; j < count[1]; j++) shares[i * count[1] + j] = 1 / (seen(0, i) * seen(1, j));
  return like.runtime.tensor(shares, [count[0], count[1], 1], like.dtype);
}
