/**
 * WASM kernels of the ops that any network runs when it trains. They are loaded together: what always comes together is smaller in
 * one file, for it is compressed together. Kernels that few networks need (sort, gather, cumulative, …) have a file each.
 */
export { argReduceWasmKernel } from './arg-reduce/arg-reduce.wasm.ts';
export { broadcastWasmKernel } from './broadcast/broadcast-to.wasm.ts';
export { concatWasmKernel } from './concat/concat.wasm.ts';
export { matmulWasmKernel } from './matmul/matmul.wasm.ts';
export { randomBitsWasmKernel } from './random/random-bits.wasm.ts';
export { reduceWasmKernel } from './reduce/reduce.wasm.ts';
export { sliceWasmKernel } from './slice/slice.wasm.ts';
export { logSoftmaxWasmKernel, softmaxWasmKernel } from './softmax/softmax.wasm.ts';
export { logSoftmaxGradientWasmKernel, softmaxGradientWasmKernel } from './softmax/softmax-gradient.wasm.ts';
export { splitWasmKernel } from './split/split.wasm.ts';
export { transposeWasmKernel } from './transpose/transpose.wasm.ts';
