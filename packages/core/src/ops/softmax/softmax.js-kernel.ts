/** Reference softmax along the last axis, or its logarithm: in float64, rounded once. */
import type { HostArray, JsKernel } from '@dendrite/spec';
import { shapeOf, sizeOf } from '../strides.ts';

const kernelOf = (logarithm: boolean): JsKernel => ({
  language: 'js',
  prepare: ({ inputs: [x] }) => {
    const shape = shapeOf(x);
    const length = shape.at(-1) ?? 1;
    const rows = length === 0 ? 0 : sizeOf(shape) / length;
    return ([output], [input]) => {
      const to = output as HostArray;
      const from = input as HostArray;
      for (let row = 0, at = 0; row < rows; row++, at += length) {
        let top = Number.NEGATIVE_INFINITY;
        for (let i = 0; i < length; i++) if (!((from[at + i] as number) <= top)) top = from[at + i] as number;
        let total = 0;
        for (let i = 0; i < length; i++) total += Math.exp((from[at + i] as number) - top);
        const logTotal = Math.log(total);
        for (let i = 0; i < length; i++) {
          const off = (from[at + i] as number) - top;
          to[at + i] = logarithm ? off - logTotal : Math.exp(off) / total;
        }
      }
    };
  },
});

export const softmaxKernel: JsKernel = kernelOf(false);
export const logSoftmaxKernel: JsKernel = kernelOf(true);
