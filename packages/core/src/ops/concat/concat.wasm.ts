/** Joined tensors, run by run. */
import type { WasmKernel } from '@dendrite/spec';
import { runsKernel } from '../../wasm-kernels/runs.ts';

export const concatWasmKernel: WasmKernel = /*#__PURE__*/ runsKernel('join');
