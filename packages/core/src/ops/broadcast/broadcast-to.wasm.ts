/** Stretched axes with SIMD: an element, or a run, over and over. */
import type { WasmKernel } from '@dendrite/spec';
import { stridedCopyKernel } from '../../wasm-kernels/strided-copy.ts';
import { broadcastStrides, shapeOf } from '../strides.ts';

export const broadcastWasmKernel: WasmKernel = stridedCopyKernel(({ inputs: [x], outputs: [y] }) => ({
  steps: broadcastStrides(shapeOf(x), shapeOf(y)),
  offset: 0,
}));
