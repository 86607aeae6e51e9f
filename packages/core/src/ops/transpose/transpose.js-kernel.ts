/** A copy with the steps of the axes in another order. */
import type { JsKernel } from '@dendrite/spec';
import { stridedCopy } from '../strided-copy.ts';
import { shapeOf, stridesOf } from '../strides.ts';

export const transposeKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], outputs: [y], attributes }) => {
    const strides = stridesOf(shapeOf(x));
    const moved = (attributes.axes as readonly number[]).map((axis) => strides[axis] as number);
    const shape = shapeOf(y);
    return ([to], [from]) => stridedCopy(to as Float32Array, from as Float32Array, shape, moved, 0);
  },
};
