/** Tensors one after another along an axis. */
import type { JsKernel } from '@dendrite/spec';
import { aroundAxis, shapeOf } from '../strides.ts';

/** Elements from which on a copy by the engine is faster than a loop. */
const longRun = 32;

export const concatKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs, outputs: [y], attributes }) => {
    const axis = attributes.axis as number;
    const [outer, length, inner] = aroundAxis(shapeOf(y), axis);
    const widths = inputs.map((spec) => (spec.shape[axis] as number) * inner);
    const row = length * inner;
    return ([output], views) => {
      const made = output as Float32Array;
      let column = 0;
      views.forEach((view, i) => {
        const from = view as Float32Array;
        const width = widths[i] as number;
        for (let o = 0, to = column, at = 0; o < outer; o++, to += row, at += width)
          if (width > longRun) made.set(from.subarray(at, at + width), to);
          else for (let j = 0; j < width; j++) made[to + j] = from[at + j] as number;
        column += width;
      });
    };
  },
};
