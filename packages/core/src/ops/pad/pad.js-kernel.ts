/** A tensor in the middle of a larger one. */
import type { JsKernel } from '@dendrite/spec';
import { moveOn, shapeOf, sizeOf, stridesOf } from '../strides.ts';

export const padKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], outputs: [y], attributes }) => {
    const shape = shapeOf(x);
    const total = sizeOf(shapeOf(y));
    const before = attributes.before as readonly number[];
    const to = stridesOf(shapeOf(y));
    const offset = to.reduce((sum, stride, axis) => sum + stride * (before[axis] as number), 0);
    const rank = shape.length;
    const inner = rank === 0 ? 1 : (shape[rank - 1] as number);
    const rows = inner === 0 ? 0 : sizeOf(shape) / inner;
    const index = new Array<number>(rank).fill(0);
    return ([output], [input], args) => {
      const made = output as Float32Array;
      const from = input as Float32Array;
      made.fill(args[0] ?? 0, 0, total);
      index.fill(0);
      let at = offset;
      for (let row = 0, i = 0; row < rows; row++) {
        for (let j = 0; j < inner; j++) made[at + j] = from[i++] as number;
        at += moveOn(index, shape, to, rank - 1);
      }
    };
  },
};
