/** Elements at equal distances, copied one by one. */
import type { JsKernel } from '@dendrite/spec';
import { stridedCopy } from '../strided-copy.ts';
import { shapeOf, stridesOf } from '../strides.ts';

export const sliceKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], outputs: [y], attributes }) => {
    const strides = stridesOf(shapeOf(x));
    const begin = attributes.begin as readonly number[];
    const step = attributes.step as readonly number[];
    const shape = shapeOf(y);
    const moved = strides.map((stride, axis) => stride * (step[axis] as number));
    const offset = strides.reduce((sum, stride, axis) => sum + stride * (begin[axis] as number), 0);
    return ([to], [from]) => stridedCopy(to as Float32Array, from as Float32Array, shape, moved, offset);
  },
};
