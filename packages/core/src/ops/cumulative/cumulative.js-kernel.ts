/** Running sums and products, in float64. */
import type { HostArray, JsKernel } from '@dendrite/spec';
import { aroundAxis, shapeOf } from '../strides.ts';

export const cumulativeKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], attributes }) => {
    const [outer, length, inner] = aroundAxis(shapeOf(x), attributes.axis as number);
    const { exclusive, reverse } = attributes;
    const product = attributes.kind === 'prod';
    return ([output], [input]) => {
      const to = output as HostArray;
      const from = input as HostArray;
      const step = reverse ? -inner : inner;
      for (let o = 0; o < outer; o++)
        for (let i = 0; i < inner; i++) {
          let at = o * length * inner + i + (reverse ? (length - 1) * inner : 0);
          let total = product ? 1 : 0;
          for (let k = 0; k < length; k++, at += step) {
            const next = product ? total * (from[at] as number) : total + (from[at] as number);
            to[at] = exclusive ? total : next;
            total = next;
          }
        }
    };
  },
};
