/** JavaScript kernels of convolutions and pooling of images, and of their gradients: loaded together where a device runs them. */
export { avgPool2dJsKernel } from './avg-pool2d/avg-pool2d.js-kernel.ts';
export { avgPool2dGradientJsKernel } from './avg-pool2d-gradient/avg-pool2d-gradient.js-kernel.ts';
export { conv2dJsKernel } from './conv2d/conv2d.js-kernel.ts';
export { conv2dFilterGradientJsKernel } from './conv2d-filter-gradient/conv2d-filter-gradient.js-kernel.ts';
export { conv2dInputGradientJsKernel } from './conv2d-input-gradient/conv2d-input-gradient.js-kernel.ts';
export { maxPool2dJsKernel } from './max-pool2d/max-pool2d.js-kernel.ts';
export { maxPool2dGradientJsKernel } from './max-pool2d-gradient/max-pool2d-gradient.js-kernel.ts';
