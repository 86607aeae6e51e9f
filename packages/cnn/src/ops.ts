/** @dendrite/cnn/ops: convolution and pooling as functions of tensors, and the ops behind them. */
export { type AvgPoolOptions, avgPool2d, avgPool2dOp } from './avg-pool2d/avg-pool2d.ts';
export { avgPool2dGradientOp } from './avg-pool2d-gradient/avg-pool2d-gradient.ts';
export { type Conv2dOpOptions, conv2d, conv2dOp } from './conv2d/conv2d.ts';
export { conv2dFilterGradientOp } from './conv2d-filter-gradient/conv2d-filter-gradient.ts';
export { conv2dInputGradientOp } from './conv2d-input-gradient/conv2d-input-gradient.ts';
export { globalAvgPool2d, globalMaxPool2d } from './global-pool2d/global-pool2d.ts';
export { maxPool2d, maxPool2dOp } from './max-pool2d/max-pool2d.ts';
export { maxPool2dGradientOp } from './max-pool2d-gradient/max-pool2d-gradient.ts';
export type { Padding, Pair } from './window/padding.ts';
export type { PoolOptions } from './window/pool-options.ts';
