/** @dendrite/cnn: convolution and pooling layers, and LeNet-5. Images are `[batch, height, width, channels]`, sequences
 * `[batch, time, channels]`, volumes `[batch, depth, height, width, channels]`. */
export type { AvgPoolOptions } from './avg-pool2d/avg-pool2d.ts';
export { cnnLayers } from './cnn-layers.ts';
export { globalAvgPool2d, globalMaxPool2d } from './global-pool2d/global-pool2d.ts';
export {
  type ConvTranspose1dOptions,
  type ConvTranspose2dOptions,
  convTranspose1d,
  convTranspose2d,
} from './layer/conv-transpose-layers.ts';
export { type Conv1dOptions, conv1d } from './layer/conv1d-layer.ts';
export { type Conv2d, type Conv2dOptions, type Conv2dWithoutBias, conv2d } from './layer/conv2d-layer.ts';
export { type Conv3dOptions, conv3d } from './layer/conv3d-layer.ts';
export type { Filtering, FilterOptions } from './layer/convolution-layer.ts';
export { type DepthwiseConv2dOptions, depthwiseConv2d } from './layer/depthwise-conv2d-layer.ts';
export {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool3d,
  maxPool1d,
  maxPool3d,
  resize2d,
} from './layer/plain-layers.ts';
export { avgPool2d, maxPool2d, type Pool2d } from './layer/pool2d-layer.ts';
export { type SeparableConv2d, type SeparableConv2dOptions, separableConv2d } from './layer/separable-conv2d-layer.ts';
export { type LeNet5, type LeNet5Options, lenet5 } from './lenet5/lenet5.ts';
export {
  type LocalResponseNorm,
  type LocalResponseNormOptions,
  localResponseNorm,
} from './local-response-norm/local-response-norm.ts';
export type { AvgPool1dOptions, Pool1dOptions } from './pool1d/pool1d.ts';
export type { AvgPool3dOptions, Pool3dOptions } from './pool3d/pool3d.ts';
export type { Resize2dOptions } from './resize2d/resize2d.ts';
export type { Padding, Pair } from './window/padding.ts';
export type { PoolOptions } from './window/pool-options.ts';
export type { Each, SpatialPadding } from './window/spatial.ts';
