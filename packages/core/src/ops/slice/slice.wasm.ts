/** A part of a tensor with SIMD. */
import type { WasmKernel } from '@dendrite/spec';
import { stridedCopyKernel } from '../../wasm-kernels/strided-copy.ts';
import { shapeOf, stridesOf } from '../strides.ts';

export const sliceWasmKernel: WasmKernel = stridedCopyKernel(({ inputs: [x], attributes }) => {
  const strides = stridesOf(shapeOf(x));
  const begin = attributes.begin as readonly number[];
  const step = attributes.step as readonly number[];
  return {
    steps: strides.map((stride, axis) => stride * (step[axis] ?? 1)),
    offset: strides.reduce((sum, stride, axis) => sum + stride * (begin[axis] ?? 0), 0),
  };
});
