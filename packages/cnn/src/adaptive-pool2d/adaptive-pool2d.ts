/** Pooling to a size that is asked for, whatever the image's. */
import { gather, max, reshape } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { avgPool2d } from '../avg-pool2d/avg-pool2d.ts';
import { mixRows } from '../mix-rows/mix-rows.ts';
import { imageOf, type Pair, pairOf } from '../window/padding.ts';

/** Along one axis: window i of `count` covers places `⌊i · length / count⌋ … ⌈(i + 1) · length / count⌉`. */
const windowsAlong = (length: number, count: number): readonly (readonly number[])[] =>
  Array.from({ length: count }, (_, i) => {
    const start = Math.floor((i * length) / count);
    return Array.from({ length: Math.ceil(((i + 1) * length) / count) - start }, (_, tap) => start + tap);
  });

/** A mean over a rectangle is the mean of its rows' means, and so is its maximum: along the rows first, as they lie in memory. */
function pooled(owner: string, x: Tensor, size: Pair, kind: 'mean' | 'max'): Tensor {
  const counts = pairOf(owner, 'size', size, 1);
  const [height, width] = imageOf(owner, x.shape);
  const { runtime } = x;
  const even = height % counts[0] === 0 && width % counts[1] === 0;
  // Windows of one size side by side: a pooling, which has a kernel.
  if (even && kind === 'mean') return avgPool2d(x, { size: [height / counts[0], width / counts[1]] });
  return runtime.scope(() =>
    [2, 1].reduce((image, axis) => {
      const count = counts[axis - 1] ?? 1;
      const windows = windowsAlong(image.shape[axis] ?? 0, count);
      if (kind === 'mean') {
        const shares = windows.flatMap((places, to) => places.map((from) => ({ to, from, share: 1 / places.length })));
        return mixRows(image, axis, count, shares);
      }
      // Windows of one length: shorter ones see their first place again.
      const taps = Math.max(1, ...windows.map((places) => places.length));
      const seen = windows.flatMap((places) => Array.from({ length: taps }, (_, tap) => places[tap] ?? places[0] ?? 0));
      const [before, after] = [image.shape.slice(0, axis), image.shape.slice(axis + 1)];
      const taken = gather(image, runtime.tensor(Int32Array.from(seen)), { axis });
      return max(reshape(taken, [...before, count, taps, ...after]), { axes: axis + 1 });
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
