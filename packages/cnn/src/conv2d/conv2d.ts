/** The two-dimensional convolution as an op (with filters as an argument); the layer of this name holds its own filters. */
import { concat, matmul, reshape, slice, windowGather } from '@dendrite/core';
import { type Attributes, type CompositeOp, DendriteError, defineOp, type Tensor } from '@dendrite/spec';
import { conv2dFilterGradientOp } from '../conv2d-filter-gradient/conv2d-filter-gradient.ts';
import { conv2dInputGradientOp } from '../conv2d-input-gradient/conv2d-input-gradient.ts';
import { imagesOf } from '../window/image-rules.ts';
import { type Both, type Padding, type Pair, paddingOf, pairOf, spatialOf } from '../window/padding.ts';
import { windowAttributes } from '../window/window-attributes.ts';
import { checkedPair, convolutionShape } from './convolution-shape.ts';

export interface Conv2dOpOptions {
  readonly stride?: Pair;
  readonly padding?: Padding;
  readonly dilation?: Pair;
  readonly groups?: number;
}

/** Inputs x `[B, H, W, C]` and filters `[h, w, C / groups, D]`; attributes stride, dilation, before, after, groups. */
export const conv2dOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'cnn/conv2d',
  infer([x, filters], attributes) {
    const [images, weights] = checkedPair('conv2d()', x, filters, 'x and filters');
    return [
      {
        shape: convolutionShape('conv2d()', imagesOf('conv2d()', 'x', images), weights, attributes),
        dtype: images.dtype,
      },
    ];
  },
  flops: ({ inputs: [, filters], outputs: [y] }) =>
    2 * product(y?.shape ?? []) * product(filters?.shape.slice(0, 3) ?? []),
  saves: { inputs: [0, 1] },
  gradient({ input, spec, dy: [dy], needs, attributes }) {
    if (!dy) return [null, null];
    const { runtime } = dy;
    const [dx] = needs[0]
      ? runtime.run(conv2dInputGradientOp, [dy, input(1)], { ...attributes, spatial: spec(0).shape.slice(1, 3) })
      : [];
    const [dw] = needs[1]
      ? runtime.run(conv2dFilterGradientOp, [input(0), dy], { ...attributes, size: spec(1).shape.slice(0, 2) })
      : [];
    return [dx ?? null, dw ?? null];
  },
  decompose([x, filters], attributes) {
    if (!x || !filters) return [];
    const { stride, dilation, before, after } = windowAttributes(attributes);
    const groups = Number(attributes.groups);
    const [height = 0, width = 0, groupIn = 0, outChannels = 0] = filters.shape;
    const groupOut = outChannels / groups;
    const size: Both = [height, width];
    const parts = Array.from({ length: groups }, (_, group) => {
      const own =
        groups === 1 ? x : slice(x, { begin: [0, 0, 0, group * groupIn], size: [...x.shape.slice(0, 3), groupIn] });
      const weights =
        groups === 1
          ? filters
          : slice(filters, { begin: [0, 0, 0, group * groupOut], size: [...filters.shape.slice(0, 3), groupOut] });
      const windows = windowGather(own, { size, stride, dilation, before, after });
      const [batch = 0, rows = 0, columns = 0, windowSize = 0] = windows.shape;
      const y = matmul(
        reshape(windows, [batch * rows * columns, windowSize]),
        reshape(weights, [windowSize, groupOut]),
      );
      return reshape(y, [batch, rows, columns, groupOut]);
    });
    return [groups === 1 && parts[0] ? parts[0] : concat(parts, { axis: 3 })];
  },
  kernels: {
    js: () => import('../planes.js-kernel.ts').then((m) => m.conv2dJsKernel),
    wasm: () => import('../planes.wasm.ts').then((m) => m.conv2dWasmKernel),
  },
});

const product = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);

/**
 * Two-dimensional convolution (cross-correlation, as everywhere in deep learning):
 * `y[b, i, j, d] = Σ x[b, i·stride + u·dilation − before, j·stride + v·dilation − before, c] · filters[u, v, c, d]`.
 * @param x        images `[B, H, W, C]`, float32 or float64
 * @param filters  `[h, w, C / groups, D]`
 * @param options.stride    step between windows, default 1
 * @param options.padding   `'valid'` (default), `'same'`, a number, `[height, width]` or `{ before, after }`
 * @param options.dilation  step between the taps of a window, default 1
 * @param options.groups    channel groups that do not see each other; `groups = C` is depthwise; default 1
 * @returns  `[B, H', W', D]` with `H' = floor((H + before + after − (h − 1)·dilation − 1) / stride) + 1`
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dx = input gradient of dy and filters, dfilters = filter gradient of x and dy (x and filters are saved)
 * @complexity 2·B·H'·W'·D·h·w·C/groups flops
 * @source LeCun et al. (1998), section II; Dumoulin and Visin (2016) for the arithmetic of lengths
 * @example
 * import { conv2d } from '@dendrite/cnn/ops';
 * import { reshape, tensor, zeros } from '@dendrite/core';
 * const sobel = reshape(tensor([-1, 0, 1, -2, 0, 2, -1, 0, 1]), [3, 3, 1, 1]);
 * conv2d(zeros([1, 28, 28, 1]), sobel, { padding: 'same' }).shape; // [1, 28, 28, 1]
 */
export function conv2d(x: Tensor, filters: Tensor, options: Conv2dOpOptions = {}): Tensor {
  const attributes = conv2dAttributes('conv2d', x.shape, [filters.shape[0] ?? 0, filters.shape[1] ?? 0], options);
  const [y] = x.runtime.run(conv2dOp, [x, filters], attributes);
  if (!y) throw new DendriteError('BACKEND', 'conv2d(): the backend must give an output, got none.');
  return y;
}

/** The options as the op takes them. @throws OPTION, SHAPE */
export function conv2dAttributes(
  owner: string,
  x: readonly number[],
  size: Both,
  options: Conv2dOpOptions,
): Attributes {
  const { stride = 1, padding = 'valid', dilation = 1, groups = 1 } = options;
  if (!Number.isInteger(groups) || groups < 1)
    throw new DendriteError('OPTION', `${owner}(): groups must be a whole number of at least 1, got ${groups}.`);
  const steps = pairOf(owner, 'stride', stride, 1);
  const spread = pairOf(owner, 'dilation', dilation, 1);
  const { before, after } = paddingOf(owner, padding, spatialOf(owner, x), size, steps, spread);
  return { stride: steps, dilation: spread, before, after, groups };
}
