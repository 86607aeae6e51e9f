/** @dendrite/backend-wasm: SIMD kernels emitted at run time, in one memory. */
export { type WasmOptions, wasm } from './wasm/wasm.ts';
