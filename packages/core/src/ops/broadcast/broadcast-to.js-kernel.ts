/** Stretched axes: a copy with steps of 0. */
import type { JsKernel } from '@dendrite/spec';
import { stridedCopy } from '../strided-copy.ts';
import { broadcastStrides, shapeOf } from '../strides.ts';

export const broadcastKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], outputs: [y] }) => {
    const shape = shapeOf(y);
    const strides = broadcastStrides(shapeOf(x), shape);
    return ([to], [from]) => stridedCopy(to as Float32Array, from as Float32Array, shape, strides, 0);
  },
};
