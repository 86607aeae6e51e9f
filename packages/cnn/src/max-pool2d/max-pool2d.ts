/** The largest value of each window, channel by channel. */
import { max, reshape, windowGather } from '@dendrite/core';
import { type CompositeOp, DendriteError, defineOp, type Tensor } from '@dendrite/spec';
import { maxPool2dGradientOp } from '../max-pool2d-gradient/max-pool2d-gradient.ts';
import { imagesOf } from '../window/image-rules.ts';
import { type PoolOptions, poolAttributes } from '../window/pool-options.ts';
import { pairAttribute, windowAttributes, windowCount } from '../window/window-attributes.ts';

/** Input x `[B, H, W, C]`; attributes size, stride, before, after. */
export const maxPool2dOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'cnn/max-pool2d',
  infer([x], attributes) {
    const { batch, spatial, channels } = imagesOf('maxPool2d()', 'x', x);
    const count = windowCount('maxPool2d()', spatial, pairAttribute(attributes, 'size'), windowAttributes(attributes));
    return [{ shape: [batch, ...count, channels], dtype: x?.dtype ?? 'float32' }];
  },
  saves: { inputs: [0] },
  gradient({ input, dy: [dy], attributes }) {
    return dy ? dy.runtime.run(maxPool2dGradientOp, [input(0), dy], attributes) : [null];
  },
  decompose([x], attributes) {
    if (!x) return [];
    const { stride, before, after } = windowAttributes(attributes);
    const windows = windowGather(x, {
      size: pairAttribute(attributes, 'size'),
      stride,
      before,
      after,
      padValue: Number.NEGATIVE_INFINITY,
    });
    const [batch = 0, rows = 0, columns = 0, length = 0] = windows.shape;
    const channels = x.shape[3] ?? 0;
    const [height, width] = pairAttribute(attributes, 'size');
    if (length === 0) return [reshape(windows, [batch, rows, columns, channels])];
    return [max(reshape(windows, [batch, rows, columns, height * width, channels]), { axes: 3 })];
  },
  kernels: {
    js: () => import('../planes.js-kernel.ts').then((m) => m.maxPool2dJsKernel),
    wasm: () => import('../planes.wasm.ts').then((m) => m.maxPool2dWasmKernel),
  },
});

/**
 * The largest value of each window: `y[b, i, j, c] = max x[b, i·stride − before + u, j·stride − before + v, c]`.
 * Padding never wins, and a NaN in the window does.
 * @param x  images `[B, H, W, C]`, float32 or float64
 * @param options.size     window, a number or `[height, width]`
 * @param options.stride   step between windows, default: the size
 * @param options.padding  `'valid'` (default), `'same'`, a number, `[height, width]` or `{ before, after }`, smaller than the size
 * @returns  `[B, H', W', C]` with `H' = floor((H + before + after − size) / stride) + 1`
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dy goes to the first largest element of each window (x is saved)
 * @source Weng, Ahuja and Huang (1992), the Cresceptron
 * @example
 * import { maxPool2d } from '@dendrite/cnn/ops';
 * import { ones } from '@dendrite/core';
 * maxPool2d(ones([1, 28, 28, 6]), { size: 2 }).shape; // [1, 14, 14, 6]
 */
export function maxPool2d(x: Tensor, options: PoolOptions): Tensor {
  const [y] = x.runtime.run(maxPool2dOp, [x], poolAttributes('maxPool2d', x.shape, options));
  if (!y) throw new DendriteError('BACKEND', 'maxPool2d(): the backend must give an output, got none.');
  return y;
}
