/** Pooling over the whole image: one number a channel, whatever the image's size. */
import { max, mean } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { spatialOf } from '../window/padding.ts';

/**
 * The mean of each channel over the image, `[B, H, W, C]` → `[B, C]`. A layer as it is.
 * @throws SHAPE  unless x has four axes
 * @source Lin, Chen and Yan (2013), Network in network
 * @example
 * import { globalAvgPool2d } from '@dendrite/cnn';
 * import { ones } from '@dendrite/core';
 * globalAvgPool2d(ones([2, 7, 7, 16])).shape; // [2, 16]
 */
export function globalAvgPool2d(x: Tensor): Tensor {
  spatialOf('globalAvgPool2d', x.shape);
  return mean(x, { axes: [1, 2] });
}

/**
 * The largest value of each channel over the image, `[B, H, W, C]` → `[B, C]`. A layer as it is.
 * @throws SHAPE  unless x has four axes
 * @example
 * import { globalMaxPool2d } from '@dendrite/cnn';
 * import { ones } from '@dendrite/core';
 * globalMaxPool2d(ones([2, 7, 7, 16])).shape; // [2, 16]
 */
export function globalMaxPool2d(x: Tensor): Tensor {
  spatialOf('globalMaxPool2d', x.shape);
  return max(x, { axes: [1, 2] });
}
