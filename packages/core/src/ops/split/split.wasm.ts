/** A tensor cut along an axis, run by run. */
import type { WasmKernel } from '@dendrite/spec';
import { runsKernel } from '../../wasm-kernels/runs.ts';

export const splitWasmKernel: WasmKernel = /*#__PURE__*/ runsKernel('cut');
