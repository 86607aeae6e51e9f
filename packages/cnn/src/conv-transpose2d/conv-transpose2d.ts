/** The transposed convolution: the way back from small images to large ones. */
import { DendriteError, type Tensor } from '@dendrite/spec';

import { conv2dInputGradientOp } from '../conv2d-input-gradient/conv2d-input-gradient.ts';
import { type Both, type Padding, type Pair, paddingOf, pairOf, spatialOf } from '../window/padding.ts';

export interface ConvTranspose2dOpOptions {
  readonly stride?: Pair;
  readonly padding?: Padding;
  readonly outputPadding?: Pair;
  readonly dilation?: Pair;
  readonly groups?: number;
}

/**
 * The transpose of `conv2d`: each pixel lays the filters, times its value, over the output, `stride` apart.
 * `y[b, i·stride + u·dilation − before, …, d] += Σ_c x[b, i, …, c] · filters[u, v, d, c]`.
 * @param x        images `[B, H, W, C]`, float32 or float64
 * @param filters  `[h, w, D / groups, C]`: those of the convolution from D to C channels whose transpose this is
 * @param options.stride         distance of neighbouring pixels in the output, default 1
 * @param options.padding        taken off the output: `'valid'` (default: nothing), `'same'` (H' = H · stride), a number,
 *   `[height, width]` or `{ before, after }`
 * @param options.outputPadding  rows and columns added behind, below the stride, default 0
 * @param options.dilation       step between the taps of a filter, default 1
 * @param options.groups         channel groups that do not see each other, default 1
 * @returns  `[B, H', W', D]` with `H' = (H − 1)·stride + (h − 1)·dilation + 1 − before − after + outputPadding`
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient dx = conv2d of dy, dfilters = filter gradient of dy and x
 * @source Zeiler, Krishnan, Taylor and Fergus (2010), Deconvolutional networks; Dumoulin and Visin (2016) for the arithmetic
 * @example
 * import { convTranspose2d } from '@dendrite/cnn/ops';
 * import { zeros } from '@dendrite/core';
 * convTranspose2d(zeros([1, 7, 7, 8]), zeros([3, 3, 4, 8]), { stride: 2, padding: 'same' }).shape; // [1, 14, 14, 4]
 */
export function convTranspose2d(x: Tensor, filters: Tensor, options: ConvTranspose2dOpOptions = {}): Tensor {
  const owner = 'convTranspose2d';
  const [height, width] = spatialOf(owner, x.shape);
  const [rows = 0, columns = 0, , channels = 0] = filters.shape;
  if (filters.shape.length !== 4 || channels !== x.shape[3])
    throw new DendriteError(
      'SHAPE',
      `${owner}(): filters must be [height, width, filters / groups, ${x.shape[3]}] for x [${x.shape.join(', ')}], got [${filters.shape.join(', ')}]. Their last axis is the channels of x.`,
    );
  const { attributes, spatial } = transposeGeometry(owner, [height, width], [rows, columns], options);
  const { groups } = attributes;
  if (channels % groups !== 0)
    throw new DendriteError(
      'OPTION',
      `${owner}(): groups must divide the channels of x, got ${groups} for ${channels} channels.`,
    );
  const [y] = x.runtime.run(conv2dInputGradientOp, [x, filters], { ...attributes, spatial });
  if (!y) throw new DendriteError('BACKEND', `${owner}(): the backend must give an output, got none.`);
  return y;
}

/** The attributes of the convolution that is transposed, and the lengths of the output. @throws OPTION, SHAPE */
export function transposeGeometry(
  owner: string,
  [height, width]: Both,
  size: Both,
  options: ConvTranspose2dOpOptions,
): {
  readonly attributes: { readonly [K in 'stride' | 'dilation' | 'before' | 'after']: Both } & {
    readonly groups: number;
  };
  readonly spatial: Both;
} {
  const { padding = 'valid', groups = 1 } = options;
  if (!Number.isInteger(groups) || groups < 1)
    throw new DendriteError('OPTION', `${owner}(): groups must be a whole number of at least 1, got ${groups}.`);
  const stride = pairOf(owner, 'stride', options.stride ?? 1, 1);
  const dilation = pairOf(owner, 'dilation', options.dilation ?? 1, 1);
  const reach = (axis: 0 | 1): number => (size[axis] - 1) * dilation[axis] + 1;
  const grown = (axis: 0 | 1): number => Math.max(0, stride[axis] - reach(axis));
  const more = options.outputPadding ?? (padding === 'same' ? [grown(0), grown(1)] : 0);
  const extra = pairOf(owner, 'outputPadding', more, 0);
  for (const axis of [0, 1] as const)
    if (extra[axis] >= stride[axis] && extra[axis] > 0)
      throw new DendriteError(
        'OPTION',
        `${owner}(): outputPadding must be below the stride ${stride[axis]}, got ${extra[axis]}.`,
      );
  // 'same' is the padding of the convolution from the larger images to these.
  const larger: Both = [height * stride[0], width * stride[1]];
  const { before, after } = paddingOf(owner, padding, larger, size, stride, dilation);
  const length = (axis: 0 | 1): number =>
    ([height, width][axis] ?? 0) * stride[axis] - stride[axis] + reach(axis) - before[axis] - after[axis] + extra[axis];
  const spatial: Both = [length(0), length(1)];
  if (spatial[0] < 1 || spatial[1] < 1)
    throw new DendriteError(
      'SHAPE',
      `${owner}(): padding must leave something of the output, got lengths [${spatial.join(', ')}] for x ${height} × ${width}. Use less padding.`,
    );
  return { attributes: { stride, dilation, before, after, groups }, spatial };
}
