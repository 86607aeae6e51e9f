/** Rows of an axis by index, and their sums back, in float64 and in the order of the indices. */
import { DendriteError, type HostArray, type JsKernel } from '@dendrite/spec';
import { aroundAxis, shapeOf, sizeOf } from '../strides.ts';

const outside = (operation: string, index: number, length: number): DendriteError =>
  new DendriteError('OPTION', `${operation}(): indices must be from 0 to ${length - 1}, got ${index}.`);

export const gatherKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x, indices], attributes }) => {
    const [outer, length, inner] = aroundAxis(shapeOf(x), attributes.axis as number);
    const count = sizeOf(shapeOf(indices));
    return ([output], [input, which]) => {
      const to = output as HostArray;
      const from = input as HostArray;
      for (let o = 0, i = 0; o < outer; o++)
        for (let n = 0; n < count; n++) {
          const index = (which as HostArray)[n] as number;
          if (index < 0 || index >= length) throw outside('gather', index, length);
          for (let k = 0, at = (o * length + index) * inner; k < inner; k++) to[i++] = from[at + k] as number;
        }
    };
  },
};

export const scatterAddKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [, indices], outputs: [y], attributes }) => {
    const [outer, length, inner] = aroundAxis(shapeOf(y), attributes.axis as number);
    const count = sizeOf(shapeOf(indices));
    return ([output], [input, which]) => {
      const to = output as HostArray;
      const from = input as HostArray;
      const sums = new Float64Array(length * inner);
      for (let o = 0, i = 0; o < outer; o++) {
        sums.fill(0);
        // In the order of the indices, so the bits do not depend on how work is divided.
        for (let n = 0; n < count; n++) {
          const index = (which as HostArray)[n] as number;
          if (index < 0 || index >= length) throw outside('scatterAdd', index, length);
          for (let k = 0, at = index * inner; k < inner; k++)
            sums[at + k] = (sums[at + k] as number) + (from[i++] as number);
        }
        for (let j = 0, at = o * sums.length; j < sums.length; j++) to[at + j] = sums[j] as number;
      }
    };
  },
};
