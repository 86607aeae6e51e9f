/** Pooling to a size that is asked for, whatever the image's. */
import { gather, max, mul, reshape, sum } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { avgPool2d } from '../avg-pool2d/avg-pool2d.ts';
import { type Pair, pairOf, spatialOf } from '../window/padding.ts';

/**
 * Along one axis: the places of each window (shorter ones repeat their first), and how many there are.
 * Window i of `count` covers `⌊i · length / count⌋ … ⌈(i + 1) · length / count⌉`.
 */
function windowsAlong(
  length: number,
  count: number,
): { readonly taps: number; readonly places: Int32Array; readonly shares: Float64Array } {
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * length) / count));
  const sizes = starts.map((start, i) => Math.ceil(((i + 1) * length) / count) - start);
  const taps = Math.max(1, ...sizes);
  const places = new Int32Array(count * taps);
  const shares = new Float64Array(count * taps);
  starts.forEach((start, i) => {
    const own = sizes[i] ?? 1;
    for (let tap = 0; tap < taps; tap++) {
      places[i * taps + tap] = start + (tap < own ? tap : 0);
      shares[i * taps + tap] = tap < own ? 1 / own : 0;
    }
  });
  return { taps, places, shares };
}

/** A mean over a rectangle is the mean of its rows' means, and so is its maximum: one axis after the other. */
function pooled(owner: string, x: Tensor, size: Pair, kind: 'mean' | 'max'): Tensor {
  const counts = pairOf(owner, 'size', size, 1);
  const [height, width] = spatialOf(owner, x.shape);
  const { runtime } = x;
  const even = height % counts[0] === 0 && width % counts[1] === 0 && height > 0 && width > 0;
  // Windows of one size side by side: a pooling, which has a kernel.
  if (even && kind === 'mean') return avgPool2d(x, { size: [height / counts[0], width / counts[1]] });
  return runtime.scope(() =>
    [1, 2].reduce((image, axis) => {
      const count = counts[axis - 1] ?? 1;
      const { taps, places, shares } = windowsAlong(image.shape[axis] ?? 0, count);
      const [before, after] = [image.shape.slice(0, axis), image.shape.slice(axis + 1)];
      const windows = reshape(gather(image, runtime.tensor(places), { axis }), [...before, count, taps, ...after]);
      if (kind === 'max') return max(windows, { axes: axis + 1 });
      const weights = runtime.tensor(shares, [count, taps, ...after.map(() => 1)], x.dtype);
      return sum(mul(windows, weights), { axes: axis + 1 });
    }, x),
  );
}

/**
 * The mean over `size` windows that cover the image: `[B, H, W, C]` → `[B, …size, C]`; neighbours overlap where lengths do not
 * divide. A network that ends in it takes images of every size.
 * @param size  of the output, a number or `[height, width]`
 * @throws SHAPE, OPTION
 * @gradient each element's share of the cotangents of its windows
 * @source formula of torch.nn.AdaptiveAvgPool2d
 * @example
 * import { adaptiveAvgPool2d } from '@dendrite/cnn/ops';
 * import { tensor } from '@dendrite/core';
 * await adaptiveAvgPool2d(tensor([1, 2, 3], [1, 1, 3, 1]), [1, 2]).toArray(); // [[[[1.5], [2.5]]]]
 */
export const adaptiveAvgPool2d = (x: Tensor, size: Pair): Tensor => pooled('adaptiveAvgPool2d', x, size, 'mean');

/**
 * The largest value of each of `size` windows that cover the image: `[B, H, W, C]` → `[B, …size, C]`.
 * @param size  of the output, a number or `[height, width]`
 * @throws SHAPE, OPTION
 * @gradient to the largest element of each window, in equal parts to equal ones
 * @source formula of torch.nn.AdaptiveMaxPool2d
 * @example
 * import { adaptiveMaxPool2d } from '@dendrite/cnn/ops';
 * import { tensor } from '@dendrite/core';
 * await adaptiveMaxPool2d(tensor([1, 5, 3], [1, 1, 3, 1]), [1, 2]).toArray(); // [[[[5], [5]]]]
 */
export const adaptiveMaxPool2d = (x: Tensor, size: Pair): Tensor => pooled('adaptiveMaxPool2d', x, size, 'max');
