/**
 * conv2d and its two gradients over tfjs's Conv2D. Only that forward kernel is used, plus Conv2DBackpropInput on cpu and WebGPU
 * where nothing is dilated: WASM has no filter gradient, and none of tfjs's gradients knows dilation. The filter gradient is a convolution of
 * the transposed images with the transposed cotangents: its channels are the batch, its stride and dilation are exchanged.
 */
import type { Attributes } from '@dendrite/spec';
import { binary } from '../kernels/arithmetic.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { concat, fill, pad, reverse, slice, transpose } from '../kernels/move.ts';
import { reshaped, sizeOf, type Value } from '../kernels/value.ts';
import { atomicFrom, product } from './matmul.ts';
import { inputShape, type MakeRoutine, outputShape, pair } from './routine.ts';
import { spreadApart, windowGatherRoutine, windowScatterRoutine } from './window.ts';

export interface Convolution {
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
  readonly groups: number;
}

const convolutionOf = (attributes: Attributes): Convolution => ({
  stride: pair(attributes, 'stride'),
  dilation: pair(attributes, 'dilation'),
  before: pair(attributes, 'before', 0),
  after: pair(attributes, 'after', 0),
  groups: Number(attributes.groups ?? 1),
});

/** tfjs pads with two numbers an axis: batch, height, width, channels. */
const paddingOf = ({ before, after }: Convolution): readonly (readonly number[])[] => [
  [0, 0],
  [before[0], after[0]],
  [before[1], after[1]],
  [0, 0],
];

export const conv2dRoutine: MakeRoutine = (kernels, call) => {
  const convolution = convolutionOf(call.attributes);
  const shape = outputShape(call);
  const empty = inputShape(call, 1).slice(0, 3).includes(0) || inputShape(call, 0).includes(0);
  return ([x, filters]) => {
    if (empty) return [fill(kernels, shape, 0, 'float32')];
    const [images, weights] = [x as Value, filters as Value];
    const { groups } = convolution;
    // One channel is a depthwise convolution as well, and WebGPU's matrices of one column are slow.
    if (weights.shape[2] === 1 && (groups > 1 || kernels.variant === 'webgpu') && depthwiseRuns(kernels, convolution))
      return [depthwise(kernels, images, weights, convolution)];
    if (groups === 1) return [convolve(kernels, images, weights, convolution)];
    const parts = groupsOf(kernels, images, groups).map((part, g) =>
      convolve(kernels, part, group(kernels, weights, g, groups), convolution),
    );
    return [concat(kernels, parts, 3)];
  };
};

/** tfjs's plain JavaScript refuses a depthwise convolution with both strides and dilations. */
const depthwiseRuns = ({ variant }: Kernels, { stride, dilation }: Convolution): boolean =>
  variant !== 'cpu' || Math.max(...stride) === 1 || Math.max(...dilation) === 1;

function convolve(kernels: Kernels, x: Value, filter: Value, convolution: Convolution): Value {
  const [height = 1, width = 1, channels = 1, out = 1] = filter.shape;
  if (kernels.variant === 'wasm' && height * width * channels * out === 1)
    return scale(kernels, x, filter, convolution);
  // Where tfjs makes one product of the whole convolution, see `atomicFrom`.
  const whole = x.shape[0] === 1 || height * width === 1 || (height === x.shape[1] && width === x.shape[2]);
  if (kernels.variant === 'webgpu' && whole && height * width * channels >= atomicFrom)
    return byWindows(kernels, x, filter, convolution);
  return runKernel(kernels, 'Conv2D', x, filter, convolution);
}

/** All windows of `x` side by side, `[1, windows, taps · channels]`. */
function windowsOf(
  kernels: Kernels,
  x: Value,
  size: readonly [number, number],
  counts: readonly [number, number],
  { stride, dilation, before, after }: Convolution,
): Value {
  const [batch = 1, , , channels = 1] = x.shape;
  const length = size[0] * size[1] * channels;
  const gather = windowGatherRoutine(kernels, {
    inputs: [{ shape: x.shape, dtype: 'float32' }],
    outputs: [{ shape: [batch, ...counts, length], dtype: 'float32' }],
    attributes: { size, stride, dilation, before, after },
  });
  const [windows] = gather?.([x], [0]) ?? [];
  return reshaped(windows as Value, [1, batch * counts[0] * counts[1], length]);
}

/** The convolution as a product of windows and filters. */
function byWindows(kernels: Kernels, x: Value, filter: Value, convolution: Convolution): Value {
  const { stride, dilation, before, after } = convolution;
  const [height = 1, width = 1, channels = 1, out = 1] = filter.shape;
  const [batch = 1, ...lengths] = x.shape;
  const count = (axis: 0 | 1, size: number): number =>
    Math.floor(((lengths[axis] ?? 1) + before[axis] + after[axis] - (size - 1) * dilation[axis] - 1) / stride[axis]) +
    1;
  const counts = [count(0, height), count(1, width)] as const;
  const windows = windowsOf(kernels, x, [height, width], counts, convolution);
  const y = product(kernels, windows, reshaped(filter, [1, height * width * channels, out]), false, false);
  return reshaped(y, [batch, ...counts, out]);
}

function runKernel(kernels: Kernels, name: string, x: Value, filter: Value, convolution: Convolution): Value {
  const { stride, dilation, before, after } = convolution;
  // tfjs's cpu and WebGPU skip the border, so that a NaN in the filters is lost there: the border is made of real zeros.
  const own = kernels.variant !== 'wasm';
  const bordered = own ? pad(kernels, x, [0, ...before, 0], [0, ...after, 0], 0) : x;
  const border = own ? noBorder : paddingOf(convolution);
  return kernels.run(
    name,
    { x: bordered, filter },
    { strides: stride, dilations: dilation, pad: border, dataFormat: 'NHWC' },
  );
}
const noBorder = [
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
] as const;

/** Each channel by itself: filters `[h, w, 1, D]`. */
export function depthwise(kernels: Kernels, x: Value, filters: Value, convolution: Convolution): Value {
  const [height = 1, width = 1, , out = 1] = filters.shape;
  const channels = x.shape[3] ?? 1;
  if (kernels.variant === 'wasm' && height * width === 1) return scale(kernels, x, filters, convolution);
  const filter = reshaped(filters, [height, width, channels, out / channels]);
  return runKernel(kernels, 'DepthwiseConv2dNative', x, filter, convolution);
}

/** Filters of one tap on one channel are products; tfjs's WASM makes −∞ of NaN there. */
function scale(kernels: Kernels, x: Value, filters: Value, { stride, before, after }: Convolution): Value {
  const bordered = pad(kernels, x, [0, ...before, 0], [0, ...after, 0], 0);
  const [batch = 1, height = 1, width = 1, channels = 1] = bordered.shape;
  const rows = Math.floor((height - 1) / stride[0]) + 1;
  const columns = Math.floor((width - 1) / stride[1]) + 1;
  const seen = slice(kernels, bordered, [0, 0, 0, 0], [batch, rows, columns, channels], [1, ...stride, 1]);
  const each = sizeOf(filters.shape) / channels;
  const scaled = binary(
    kernels,
    'mul',
    reshaped(seen, [batch * rows * columns, channels, 1]),
    reshaped(filters, [1, channels, each]),
  );
  return reshaped(scaled, [batch, rows, columns, channels * each]);
}

/** The g-th of `groups` equal parts of the last axis. */
function group(kernels: Kernels, x: Value, g: number, groups: number): Value {
  const size = [...x.shape];
  const last = size.length - 1;
  const part = (size[last] ?? 1) / groups;
  size[last] = part;
  return slice(
    kernels,
    x,
    size.map((_, axis) => (axis === last ? g * part : 0)),
    size,
  );
}
const groupsOf = (kernels: Kernels, x: Value, groups: number): readonly Value[] =>
  groups === 1 ? [x] : Array.from({ length: groups }, (_, g) => group(kernels, x, g, groups));

export const conv2dInputGradientRoutine: MakeRoutine = (kernels, call) => {
  const convolution = convolutionOf(call.attributes);
  const shape = outputShape(call);
  const empty = inputShape(call, 0).includes(0) || inputShape(call, 1).includes(0);
  const { groups } = convolution;
  const part = [...shape.slice(0, 3), (shape[3] ?? 1) / groups];
  return ([dy, filters]) => {
    if (empty) return [fill(kernels, shape, 0, 'float32')];
    const weights = groupsOf(kernels, filters as Value, groups);
    const parts = groupsOf(kernels, dy as Value, groups).map((own, g) =>
      inputGradient(kernels, own, weights[g] as Value, convolution, part),
    );
    return [groups === 1 ? (parts[0] as Value) : concat(kernels, parts, 3)];
  };
};

function inputGradient(
  kernels: Kernels,
  dy: Value,
  filter: Value,
  convolution: Convolution,
  shape: readonly number[],
): Value {
  const { stride, dilation, before } = convolution;
  const [height = 1, width = 1] = filter.shape;
  const dilated = dilation[0] > 1 || dilation[1] > 1;
  if (kernels.variant !== 'wasm' && !dilated)
    return kernels.run(
      'Conv2DBackpropInput',
      { dy, filter },
      { strides: stride, pad: paddingOf(convolution), dataFormat: 'NHWC', inputShape: shape },
    );
  if (kernels.variant !== 'wasm' || !allFinite(kernels.readNow(filter)))
    return scattered(kernels, dy, filter, convolution, shape);
  // tfjs's WASM Conv2DBackpropInput is plain loops, six times as slow as the convolution below.
  // A convolution of the cotangents, spread apart by the stride, with the filters turned around.
  const spread = spreadApart(kernels, dy, stride);
  const reach = [dilation[0] * (height - 1), dilation[1] * (width - 1)] as const;
  const front = [reach[0] - before[0], reach[1] - before[1]] as const;
  const back = [0, 1].map(
    (axis) => (shape[axis + 1] ?? 1) + (reach[axis] ?? 0) - (front[axis] ?? 0) - (spread.shape[axis + 1] ?? 1),
  );
  const bordered = pad(kernels, spread, [0, ...front, 0], [0, ...back, 0], 0);
  const turned = transpose(kernels, reverse(kernels, reverse(kernels, filter, 0), 1), [0, 1, 3, 2]);
  return convolve(kernels, bordered, turned, { ...convolution, stride: [1, 1], before: [0, 0], after: [0, 0] });
}

/** A product and a window scatter: slower, but a NaN in the filters stays where a filter was, not in all of the border. */
function scattered(
  kernels: Kernels,
  dy: Value,
  filter: Value,
  convolution: Convolution,
  shape: readonly number[],
): Value {
  const [batch = 1, rows = 1, columns = 1, out = 1] = dy.shape;
  const [height = 1, width = 1, channels = 1] = filter.shape;
  const length = height * width * channels;
  const a = reshaped(dy, [1, batch * rows * columns, out]);
  const windows = product(kernels, a, reshaped(filter, [1, length, out]), false, true);
  const laid = [batch, rows, columns, length];
  const { stride, dilation, before, after } = convolution;
  const scatter = windowScatterRoutine(kernels, {
    inputs: [{ shape: laid, dtype: 'float32' }],
    outputs: [{ shape, dtype: 'float32' }],
    attributes: { size: [height, width], stride, dilation, before, after, spatial: shape.slice(1, 3) },
  });
  const [dx] = scatter?.([reshaped(windows, laid)], []) ?? [];
  return dx as Value;
}

const allFinite = (numbers: ArrayLike<number>): boolean => {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return false;
  return true;
};

export const conv2dFilterGradientRoutine: MakeRoutine = (kernels, call) => {
  const convolution = convolutionOf(call.attributes);
  const shape = outputShape(call);
  const empty = inputShape(call, 0).includes(0) || inputShape(call, 1).includes(0);
  const { groups } = convolution;
  const part = [...shape.slice(0, 3), (shape[3] ?? 1) / groups];
  return ([x, dy]) => {
    if (empty) return [fill(kernels, shape, 0, 'float32')];
    const cotangents = groupsOf(kernels, dy as Value, groups);
    const parts = groupsOf(kernels, x as Value, groups).map((own, g) =>
      filterGradient(kernels, own, cotangents[g] as Value, convolution, part),
    );
    return [groups === 1 ? (parts[0] as Value) : concat(kernels, parts, 3)];
  };
};

function filterGradient(
  kernels: Kernels,
  x: Value,
  dy: Value,
  convolution: Convolution,
  shape: readonly number[],
): Value {
  const [batch = 1, rows = 1, columns = 1, outputs = 1] = dy.shape;
  // One channel is a batch of one image below, see `atomicFrom`.
  if (kernels.variant === 'webgpu' && shape[2] === 1 && batch * rows * columns >= atomicFrom) {
    const windows = windowsOf(kernels, x, [shape[0] ?? 1, shape[1] ?? 1], [rows, columns], convolution);
    const cotangents = reshaped(dy, [1, batch * rows * columns, outputs]);
    return reshaped(product(kernels, windows, cotangents, true, false), shape);
  }
  const images = transpose(kernels, x, [3, 1, 2, 0]); // [C, H, W, B]
  const filters = transpose(kernels, dy, [1, 2, 0, 3]); // [H', W', B, D]
  const found = convolve(kernels, images, filters, {
    ...convolution,
    stride: convolution.dilation,
    dilation: convolution.stride,
  });
  const [height = 1, width = 1, channels = 1, out = 1] = shape;
  // Windows that the stride never reached make it longer than the filters.
  const cut = slice(kernels, found, [0, 0, 0, 0], [channels, height, width, out]);
  return transpose(kernels, cut, [1, 2, 0, 3]);
}
