/** Rows in order, equal elements as they came, NaN behind. */
import type { HostArray, JsKernel } from '@dendrite/spec';
import { shapeOf, sizeOf } from '../strides.ts';

export const sortKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], attributes }) => {
    const shape = shapeOf(x);
    const length = shape.at(-1) ?? 1;
    const rows = length === 0 ? 0 : sizeOf(shape) / length;
    const sign = attributes.descending ? -1 : 1;
    return ([values, indices], [input]) => {
      const from = input as HostArray;
      const order = new Int32Array(length);
      for (let row = 0; row < rows; row++) {
        const at = row * length;
        for (let i = 0; i < length; i++) order[i] = i;
        order.sort((i, j) => {
          const a = from[at + i] as number;
          const b = from[at + j] as number;
          if (a === b) return i - j;
          if (Number.isNaN(a) || Number.isNaN(b)) return !Number.isNaN(a) ? -1 : !Number.isNaN(b) ? 1 : i - j;
          return a < b ? -sign : sign;
        });
        for (let i = 0; i < length; i++) {
          (values as HostArray)[at + i] = from[at + (order[i] as number)] as number;
          (indices as HostArray)[at + i] = order[i] as number;
        }
      }
    };
  },
};
