/** The transpose of broadcasting: sums over the axes that were stretched. */
import type { Shape, Tensor } from '@dendrite/spec';
import { reshape } from '../reshape/reshape.ts';
import { sum } from './reduce.ts';

/** `x` itself where nothing was stretched. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const from = x.shape;
  if (from === shape) return x;
  const extra = from.length - shape.length;
  const axes: number[] = [];
  for (let axis = 0; axis < from.length; axis++)
    if (axis < extra || (shape[axis - extra] === 1 && from[axis] !== 1)) axes.push(axis);
  const made = axes.length === 0 ? x : sum(x, { axes });
  return made.shape.length === shape.length ? made : reshape(made, shape);
}
