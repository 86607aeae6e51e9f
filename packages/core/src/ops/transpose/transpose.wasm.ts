/** Permuted axes with SIMD: runs stay runs, and what is left is a matrix that is turned. */
import type { WasmKernel } from '@dendrite/spec';
import { stridedCopyKernel } from '../../wasm-kernels/strided-copy.ts';
import { shapeOf, stridesOf } from '../strides.ts';

export const transposeWasmKernel: WasmKernel = stridedCopyKernel(({ inputs: [x], attributes }) => {
  const strides = stridesOf(shapeOf(x));
  return { steps: (attributes.axes as readonly number[]).map((axis) => strides[axis] ?? 0), offset: 0 };
});
