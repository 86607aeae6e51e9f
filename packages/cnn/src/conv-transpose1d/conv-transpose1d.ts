/** The transposed convolution over time: an image one row high. */
import { reshape } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { type ConvTranspose2dOpOptions, convTranspose2d } from '../conv-transpose2d/conv-transpose2d.ts';
import type { Both, Padding } from '../window/padding.ts';
import { spatialAxes } from '../window/spatial.ts';

export interface ConvTranspose1dOpOptions {
  readonly stride?: number;
  readonly padding?: 'same' | 'valid' | number | { readonly before: number; readonly after: number };
  readonly outputPadding?: number;
  readonly dilation?: number;
  readonly groups?: number;
}

/** The options of the image one row high. */
export function rowOptions(options: ConvTranspose1dOpOptions): ConvTranspose2dOpOptions {
  const { stride = 1, padding = 'valid', outputPadding, dilation = 1, groups = 1 } = options;
  const row = (along: number): Both => [0, along];
  const border: Padding =
    typeof padding === 'string'
      ? padding
      : typeof padding === 'number'
        ? row(padding)
        : { before: row(padding.before), after: row(padding.after) };
  return {
    stride: [1, stride],
    dilation: [1, dilation],
    padding: border,
    groups,
    ...(outputPadding !== undefined && { outputPadding: row(outputPadding) }),
  };
}

/**
 * The transpose of `conv1d`: `y[b, t·stride + u·dilation − before, d] += Σ_c x[b, t, c] · filters[u, d, c]`.
 * @param x        sequences `[B, T, C]`
 * @param filters  `[size, D / groups, C]`
 * @param options  `stride`, `padding`, `outputPadding`, `dilation`, `groups` as those of `convTranspose2d`
 * @returns  `[B, T', D]` with `T' = (T − 1)·stride + (size − 1)·dilation + 1 − before − after + outputPadding`
 * @throws SHAPE, DTYPE, OPTION  if lengths, dtypes or options do not fit
 * @gradient that of convTranspose2d
 * @example
 * import { convTranspose1d } from '@dendrite/cnn/ops';
 * import { tensor } from '@dendrite/core';
 * const x = tensor([1, 2], [1, 2, 1]);
 * await convTranspose1d(x, tensor([1, 10], [2, 1, 1]), { stride: 2 }).toArray(); // [[[1], [10], [2], [20]]]
 */
export function convTranspose1d(x: Tensor, filters: Tensor, options: ConvTranspose1dOpOptions = {}): Tensor {
  spatialAxes('convTranspose1d', x.shape, 1);
  const [batch = 0, steps = 0, channels = 0] = x.shape;
  if (filters.shape.length !== 3)
    throw new DendriteError(
      'SHAPE',
      `convTranspose1d(): filters must be [size, filters / groups, ${channels}], got [${filters.shape.join(', ')}].`,
    );
  return x.runtime.scope(() => {
    const y = convTranspose2d(
      reshape(x, [batch, 1, steps, channels]),
      reshape(filters, [1, ...filters.shape]),
      rowOptions(options),
    );
    return reshape(y, [batch, ...y.shape.slice(2)]);
  });
}
