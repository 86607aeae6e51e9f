/** @dendrite/cnn/ops: convolution and pooling as functions of tensors, and the ops behind them. */

export { adaptiveAvgPool2d, adaptiveMaxPool2d } from './adaptive-pool2d/adaptive-pool2d.ts';
export { type AvgPoolOptions, avgPool2d, avgPool2dOp } from './avg-pool2d/avg-pool2d.ts';
export { avgPool2dGradientOp } from './avg-pool2d-gradient/avg-pool2d-gradient.ts';
export { type ConvTranspose1dOpOptions, convTranspose1d } from './conv-transpose1d/conv-transpose1d.ts';
export { type ConvTranspose2dOpOptions, convTranspose2d } from './conv-transpose2d/conv-transpose2d.ts';
export { type Conv1dOpOptions, conv1d } from './conv1d/conv1d.ts';
export { type Conv2dOpOptions, conv2d, conv2dOp } from './conv2d/conv2d.ts';
export { conv2dFilterGradientOp } from './conv2d-filter-gradient/conv2d-filter-gradient.ts';
export { conv2dInputGradientOp } from './conv2d-input-gradient/conv2d-input-gradient.ts';
export { type Conv3dOpOptions, conv3d } from './conv3d/conv3d.ts';
export { globalAvgPool2d, globalMaxPool2d } from './global-pool2d/global-pool2d.ts';
export { maxPool2d, maxPool2dOp } from './max-pool2d/max-pool2d.ts';
export { maxPool2dGradientOp } from './max-pool2d-gradient/max-pool2d-gradient.ts';
export { type AvgPool1dOptions, avgPool1d, maxPool1d, type Pool1dOptions } from './pool1d/pool1d.ts';
export { type AvgPool3dOptions, avgPool3d, maxPool3d, type Pool3dOptions } from './pool3d/pool3d.ts';
export { type Resize2dOptions, resize2d } from './resize2d/resize2d.ts';
export type { Padding, Pair } from './window/padding.ts';
export type { PoolOptions } from './window/pool-options.ts';
export type { Each, SpatialPadding } from './window/spatial.ts';
