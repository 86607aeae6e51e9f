/** Threefry words, two from each counter. */
import { threefry2x32 } from '@dendrite/random';
import type { HostArray, JsKernel } from '@dendrite/spec';
import { shapeOf, sizeOf } from '../strides.ts';

export const randomBitsKernel: JsKernel = {
  language: 'js',
  prepare: ({ outputs: [y] }) => {
    const size = sizeOf(shapeOf(y));
    return ([output], inputs, args) => {
      const to = output as HostArray;
      const [key0 = 0, key1 = 0] = args;
      const counter = inputs.length > 0 ? ((inputs[0] as HostArray)[0] as number) >>> 0 : 0;
      for (let i = 0; i < size; i += 2) {
        const [first, second] = threefry2x32(key0, key1, i >>> 1, counter);
        to[i] = first | 0;
        if (i + 1 < size) to[i + 1] = second | 0;
      }
    };
  },
};
