/**
 * Windows over 1 to 3 spatial axes: gather lays the elements under each window side by side (im2col), scatter adds them back
 * where they came from (col2im). Convolution and pooling decompose into these and products.
 */
import { DendriteError, defineOp, type PrimitiveOp, type Shape, type Tensor, type TensorSpec } from '@dendrite/spec';
import { checked, only } from '../expression/expression-op.ts';
import { whole } from '../option.ts';
import { sizeOf } from '../strides.ts';

export interface WindowOptions {
  /** Elements of a window along each spatial axis. */
  readonly size: number | readonly number[];
  /** Distance of windows. Default 1. */
  readonly stride?: number | readonly number[];
  /** Distance of a window's elements. Default 1. */
  readonly dilation?: number | readonly number[];
  /** Border in front of each spatial axis. Default 0. */
  readonly before?: number | readonly number[];
  /** Border behind each spatial axis. Default 0. */
  readonly after?: number | readonly number[];
}
export type WindowAttributes = Required<{ readonly [K in keyof WindowOptions]: readonly number[] }>;

/** Options as one whole number for each of `rank` spatial axes. @throws OPTION */
export function windowAttributes(
  operation: string,
  { size, stride = 1, dilation = 1, before = 0, after = 0 }: WindowOptions,
  rank: number,
): WindowAttributes {
  const each = (name: string, value: number | readonly number[], least: number): readonly number[] => {
    const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : [...value];
    if (list.length !== rank)
      throw new DendriteError(
        'OPTION',
        `${operation}(): ${name} must have one number for each of ${rank} spatial axes, got [${list.join(', ')}].`,
      );
    for (const number of list) whole(operation, name, number, least);
    return list;
  };
  return {
    size: each('size', size, 1),
    stride: each('stride', stride, 1),
    dilation: each('dilation', dilation, 1),
    before: each('before', before, 0),
    after: each('after', after, 0),
  };
}

/** `⌊(length + before + after − dilation · (size − 1) − 1) / stride⌋ + 1` along each axis. @throws SHAPE if a window does not fit */
export function windowCounts(
  operation: string,
  spatial: Shape,
  { size, stride, dilation, before, after }: WindowAttributes,
): number[] {
  return spatial.map((length, axis) => {
    const padded = length + (before[axis] as number) + (after[axis] as number);
    const reach = (dilation[axis] as number) * ((size[axis] as number) - 1) + 1;
    if (padded < reach)
      throw new DendriteError(
        'SHAPE',
        `${operation}(): windows must fit, got length ${length}${padded === length ? '' : ` (${padded} with its border)`} for a window over ${reach} at spatial axis ${axis}. Use padding 'same', or a smaller window.`,
      );
    return Math.floor((padded - reach) / (stride[axis] as number)) + 1;
  });
}

const gatherOp: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/window-gather',
  infer: ([x], attributes) => {
    const { shape, dtype } = x as TensorSpec;
    const window = attributes as WindowAttributes;
    return [
      {
        shape: [
          shape[0] as number,
          ...windowCounts('windowGather', shape.slice(1, -1), window),
          sizeOf(window.size) * (shape.at(-1) as number),
        ],
        dtype,
      },
    ];
  },
  saves: {},
  gradient: ({ dy: [d], spec, attributes }) => [
    d ? only(d.runtime.run(scatterOp, [d], { ...attributes, spatial: spec(0).shape.slice(1, -1) })) : null,
  ],
  kernels: { js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/window-gather']) },
});

const scatterOp: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/window-scatter',
  infer: ([y], attributes) => {
    const { shape, dtype } = y as TensorSpec;
    const { size, spatial } = attributes as WindowAttributes & { readonly spatial: readonly number[] };
    const counts = windowCounts('windowScatter', spatial, attributes as WindowAttributes);
    const channels = (shape.at(-1) as number) / sizeOf(size);
    if (counts.some((count, axis) => count !== shape[axis + 1]) || !Number.isInteger(channels))
      throw new DendriteError(
        'SHAPE',
        `windowScatter(): input must be [batch, ${counts.join(', ')}, ${sizeOf(size)} · channels] for spatial lengths [${spatial.join(', ')}], got [${shape.join(', ')}].`,
      );
    return [{ shape: [shape[0] as number, ...spatial, channels], dtype }];
  },
  saves: {},
  gradient: ({ dy: [d], attributes }) => {
    const { spatial: _, ...window } = attributes;
    return [d ? only(d.runtime.run(gatherOp, [d], window, [0])) : null];
  },
  kernels: { js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/window-scatter']) },
});

/**
 * Elements under each window, side by side: `y[b, o, t · C + c] = x[b, o · stride + t · dilation − before, c]`.
 * @param x  `[B, …spatial (1 to 3 axes), C]`
 * @param options.padValue  what the border holds; default 0
 * @returns  `[B, …counts, taps · C]`, taps in row-major order, channels fastest
 * @gradient  windowScatter of the cotangent
 * @throws SHAPE, OPTION
 * @example
 * import { tensor, windowGather } from '@dendrite/core';
 * const x = tensor([1, 2, 3], [1, 3, 1]);
 * await windowGather(x, { size: 2 }).toArray(); // [[[1, 2], [2, 3]]]
 */
export function windowGather(
  x: Tensor,
  { padValue = 0, ...options }: WindowOptions & { readonly padValue?: number },
): Tensor {
  return only(
    x.runtime.run(gatherOp, [x], windowAttributes('windowGather', options, spatialRank('windowGather', x)), [padValue]),
  );
}

/**
 * The transpose of `windowGather`: adds each element to where it came from.
 * @param y  `[B, …counts, taps · C]`
 * @param options.spatial  lengths of the result's spatial axes
 * @returns  `[B, …spatial, C]`
 * @gradient  windowGather of the cotangent
 * @throws SHAPE, OPTION
 */
export function windowScatter(
  y: Tensor,
  { spatial, ...options }: WindowOptions & { readonly spatial: readonly number[] },
): Tensor {
  return only(
    y.runtime.run(scatterOp, [y], {
      ...windowAttributes('windowScatter', options, spatialRank('windowScatter', y)),
      spatial,
    }),
  );
}

function spatialRank(operation: string, x: Tensor): number {
  const rank = checked(x, operation).shape.length - 2;
  if (rank < 1 || rank > 3)
    throw new DendriteError(
      'SHAPE',
      `${operation}(): input must be [batch, 1 to 3 spatial axes, channels], got [${x.shape.join(', ')}]. Reshape it.`,
    );
  return rank;
}
