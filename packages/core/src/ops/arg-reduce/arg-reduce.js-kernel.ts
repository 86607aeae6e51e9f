/** The first of the largest or smallest elements; the first NaN where there is one. */
import type { HostArray, JsKernel } from '@dendrite/spec';
import { aroundAxis, shapeOf } from '../strides.ts';

export const argReduceKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], attributes }) => {
    const [outer, length, inner] = aroundAxis(shapeOf(x), attributes.axis as number);
    const sign = attributes.kind === 'max' ? 1 : -1;
    return ([output], [input]) => {
      const from = input as HostArray;
      const to = output as HostArray;
      for (let o = 0; o < outer; o++)
        for (let i = 0; i < inner; i++) {
          const start = o * length * inner + i;
          let at = 0;
          let best = sign * (from[start] as number);
          for (let k = 1, p = start + inner; k < length && !Number.isNaN(best); k++, p += inner) {
            const value = sign * (from[p] as number);
            if (!(value <= best)) {
              best = value;
              at = k;
            }
          }
          to[o * inner + i] = at;
        }
    };
  },
};
