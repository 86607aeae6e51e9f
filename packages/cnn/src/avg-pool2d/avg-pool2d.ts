/** The mean of each window, channel by channel: LeNet's subsampling without its coefficients. */
import { mul, reshape, sum, windowGather } from '@dendrite/core';
import { type Attributes, type CompositeOp, DendriteError, defineOp, type Tensor } from '@dendrite/spec';
import { avgPool2dGradientOp } from '../avg-pool2d-gradient/avg-pool2d-gradient.ts';
import { imagesOf } from '../window/image-rules.ts';
import { type PoolOptions, poolAttributes } from '../window/pool-options.ts';
import { pairAttribute, windowAttributes, windowCount } from '../window/window-attributes.ts';
import { windowShares } from './window-shares.ts';

export interface AvgPoolOptions extends PoolOptions {
  /** Whether padding counts as zeros in the mean; default false: the mean of what is there. */
  readonly countPadding?: boolean;
}

/** Input x `[B, H, W, C]`; attributes size, stride, before, after, countPadding. */
export const avgPool2dOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'cnn/avg-pool2d',
  infer([x], attributes) {
    const { batch, spatial, channels } = imagesOf('avgPool2d()', 'x', x);
    const count = windowCount('avgPool2d()', spatial, pairAttribute(attributes, 'size'), windowAttributes(attributes));
    return [{ shape: [batch, ...count, channels], dtype: x?.dtype ?? 'float32' }];
  },
  saves: {},
  gradient({ spec, dy: [dy], attributes }) {
    return dy
      ? dy.runtime.run(avgPool2dGradientOp, [dy], { ...attributes, spatial: spec(0).shape.slice(1, 3) })
      : [null];
  },
  decompose([x], attributes) {
    if (!x) return [];
    const { stride, before, after } = windowAttributes(attributes);
    const size = pairAttribute(attributes, 'size');
    const windows = windowGather(x, { size, stride, before, after });
    const [batch = 0, rows = 0, columns = 0] = windows.shape;
    const [, height = 0, width = 0, channels = 0] = x.shape;
    const sums = sum(reshape(windows, [batch, rows, columns, size[0] * size[1], channels]), { axes: 3 });
    return [mul(sums, windowShares(x, [height, width], [rows, columns], attributes))];
  },
  kernels: {
    js: () => import('../planes.js-kernel.ts').then((m) => m.avgPool2dJsKernel),
    wasm: () => import('../planes.wasm.ts').then((m) => m.avgPool2dWasmKernel),
  },
});

/**
 * The mean of each window: `y[b, i, j, c] = Σ x[b, i·stride − before + u, j·stride − before + v, c] / count`.
 * @param x  images `[B, H, W, C]`, float32 or float64
 * @param options.size          window, a number or `[height, width]`
 * @param options.stride        step between windows, default: the size
 * @param options.padding       `'valid'` (default), `'same'`, a number, `[height, width]` or `{ before, after }`, smaller than the size
 * @param options.countPadding  whether padding counts as zeros (PyTorch's default) or not at all (default, as TensorFlow)
 * @returns  `[B, H', W', C]` with `H' = floor((H + before + after − size) / stride) + 1`
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dx = dy / count to each element of the window (nothing is saved)
 * @source LeCun et al. (1998), section II.B
 * @example
 * import { avgPool2d } from '@dendrite/cnn/ops';
 * import { ones } from '@dendrite/core';
 * avgPool2d(ones([1, 28, 28, 6]), { size: 2 }).shape; // [1, 14, 14, 6]
 */
export function avgPool2d(x: Tensor, options: AvgPoolOptions): Tensor {
  const [y] = x.runtime.run(avgPool2dOp, [x], avgPoolAttributes('avgPool2d', x.shape, options));
  if (!y) throw new DendriteError('BACKEND', 'avgPool2d(): the backend must give an output, got none.');
  return y;
}

/** The options as the op takes them. @throws OPTION, SHAPE */
export function avgPoolAttributes(
  owner: string,
  x: readonly number[],
  { countPadding = false, ...options }: AvgPoolOptions,
): Attributes {
  if (typeof countPadding !== 'boolean')
    throw new DendriteError('OPTION', `${owner}(): countPadding must be true or false, got ${String(countPadding)}.`);
  return { ...poolAttributes(owner, x, options), countPadding };
}
