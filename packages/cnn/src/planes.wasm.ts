/**
 * WASM kernels of convolutions and pooling of images, and of their gradients. They are loaded together: a network that has one trains
 * it, and what comes together is smaller in one file, for it is compressed together.
 */
export { avgPool2dWasmKernel } from './avg-pool2d/avg-pool2d.wasm.ts';
export { avgPool2dGradientWasmKernel } from './avg-pool2d-gradient/avg-pool2d-gradient.wasm.ts';
export { conv2dWasmKernel } from './conv2d/conv2d.wasm.ts';
export { conv2dFilterGradientWasmKernel } from './conv2d-filter-gradient/conv2d-filter-gradient.wasm.ts';
export { conv2dInputGradientWasmKernel } from './conv2d-input-gradient/conv2d-input-gradient.wasm.ts';
export { maxPool2dWasmKernel } from './max-pool2d/max-pool2d.wasm.ts';
export { maxPool2dGradientWasmKernel } from './max-pool2d-gradient/max-pool2d-gradient.wasm.ts';
