/** @dendrite/cnn: convolution and pooling layers, and LeNet-5. Images are `[batch, height, width, channels]`. */
export type { AvgPoolOptions } from './avg-pool2d/avg-pool2d.ts';
export { cnnLayers } from './cnn-layers.ts';
export { globalAvgPool2d, globalMaxPool2d } from './global-pool2d/global-pool2d.ts';
export { type Conv2d, type Conv2dOptions, type Conv2dWithoutBias, conv2d } from './layer/conv2d-layer.ts';
export { avgPool2d, maxPool2d, type Pool2d } from './layer/pool2d-layer.ts';
export { type LeNet5, type LeNet5Options, lenet5 } from './lenet5/lenet5.ts';
export type { Padding, Pair } from './window/padding.ts';
export type { PoolOptions } from './window/pool-options.ts';
