/**
 * Pooling over images. tfjs's MaxPool passes over NaN; MaxPoolGrad is wrong for negative windows on WASM; AvgPoolGrad divides by the
 * whole window where the forward pass divides by what is inside the image, and is slow on WASM; WASM's AvgPool makes −∞ of NaN.
 * So the gradients are composed. Max pooling on WebGPU is in `webgpu-max-pool.ts`.
 */
import type { Attributes } from '@dendrite/spec';
import { binary, constant, select, unary } from '../kernels/arithmetic.ts';
import { castToFloat } from '../kernels/convert.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { broadcast, concat, fill, pad, slice } from '../kernels/move.ts';
import { reshaped, type Value } from '../kernels/value.ts';
import { depthwise } from './convolution.ts';
import { inputShape, type MakeRoutine, outputShape, pair } from './routine.ts';
import { webgpuMaxPool, webgpuMaxPoolGradient } from './webgpu-max-pool.ts';
import { windowGatherRoutine, windowScatterRoutine } from './window.ts';

export interface Pooling {
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}
const poolingOf = (attributes: Attributes): Pooling => {
  const size = pair(attributes, 'size');
  const stride = attributes.stride === undefined ? size : pair(attributes, 'stride');
  return { size, stride, before: pair(attributes, 'before', 0), after: pair(attributes, 'after', 0) };
};
const attributesOf = ({ size, stride, before, after }: Pooling) => ({
  filterSize: size,
  strides: stride,
  pad: [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0],
  ],
});
const noBorder = { before: [0, 0], after: [0, 0] } as const;

export const maxPool2dRoutine: MakeRoutine = (kernels, call) => {
  const pooling = poolingOf(call.attributes);
  if (kernels.variant === 'webgpu') return webgpuMaxPool(kernels, call, pooling);
  const attributes = attributesOf(pooling);
  return ([given]) => {
    const x = given as Value;
    const plain = kernels.run('MaxPool', { x }, attributes);
    const nans = castToFloat(kernels, unary(kernels, 'isNaN', x));
    const touched = binary(kernels, 'lt', constant(0), kernels.run('MaxPool', { x: nans }, attributes));
    return [select(kernels, touched, constant(Number.NaN), plain, plain.shape)];
  };
};

/** Each window's cotangent goes to its first largest element, a NaN before all. */
export const maxPool2dGradientRoutine: MakeRoutine = (kernels, call) => {
  const pooling = poolingOf(call.attributes);
  if (kernels.variant === 'webgpu') return webgpuMaxPoolGradient(kernels, call, pooling);
  const [batch = 1, , , channels = 1] = inputShape(call, 0);
  const [, rows = 1, columns = 1] = inputShape(call, 1);
  const taps = pooling.size[0] * pooling.size[1];
  const spread = [batch, rows, columns, taps * channels];
  const windows = { ...pooling, dilation: [1, 1] };
  const gather = windowGatherRoutine(kernels, {
    inputs: call.inputs,
    outputs: [{ shape: spread, dtype: 'float32' }],
    attributes: windows,
  });
  const scatter = windowScatterRoutine(kernels, {
    inputs: [{ shape: spread, dtype: 'float32' }],
    outputs: call.outputs,
    attributes: { ...windows, spatial: inputShape(call, 0).slice(1, 3) },
  });
  const cells = batch * rows * columns;
  return ([x, dy], args) => {
    const [gathered] = gather?.([x as Value], [Number.NEGATIVE_INFINITY]) ?? [];
    // Tap by tap, as lists: [B · H' · W', taps, C].
    const at = (t: number): Value =>
      reshaped(slice(kernels, reshaped(gathered as Value, [cells, taps, channels]), [0, t, 0], [cells, 1, channels]), [
        cells * channels,
      ]);
    const each = Array.from({ length: taps }, (_, t) => at(t));
    const largest = each.reduce((best, tap) => binary(kernels, 'max', best, tap));
    const cotangent = reshaped(dy as Value, [cells * channels]);
    let open = fill(kernels, [cells * channels], 1, 'bool');
    const parts = each.map((tap) => {
      const wins = binary(kernels, 'or', binary(kernels, 'eq', tap, largest), unary(kernels, 'isNaN', tap));
      const first = binary(kernels, 'and', open, wins);
      open = binary(kernels, 'and', open, unary(kernels, 'not', wins));
      return reshaped(select(kernels, first, cotangent, constant(0), [cells * channels]), [cells, channels]);
    });
    return scatter?.([reshaped(concat(kernels, parts, 1), spread)], args) ?? [];
  };
};

export const avgPool2dRoutine: MakeRoutine = (kernels, call) => {
  const pooling = poolingOf(call.attributes);
  const countPadding = call.attributes.countPadding === true;
  const shape = inputShape(call, 0);
  const [, rows = 1, columns = 1, channels = 1] = outputShape(call);
  const factors = countPadding ? undefined : fullOverSeen(pooling, shape, rows, columns);
  const [height, width] = pooling.size;
  return ([given]) => {
    const x = given as Value;
    if (kernels.variant === 'wasm') {
      // tfjs's WASM AvgPool makes −∞ of NaN; as a convolution of each channel it does not, and takes no longer.
      const filters = fill(kernels, [height, width, 1, channels], 1 / (height * width), 'float32');
      const mean = depthwise(kernels, x, filters, { ...pooling, dilation: [1, 1], groups: channels });
      return [factors ? binary(kernels, 'mul', mean, factorsOf(kernels, factors, rows, columns)) : mean];
    }
    if (!countPadding) return [kernels.run('AvgPool', { x }, attributesOf(pooling))];
    const bordered = pad(kernels, x, [0, ...pooling.before, 0], [0, ...pooling.after, 0], 0);
    return [kernels.run('AvgPool', { x: bordered }, attributesOf({ ...pooling, ...noBorder }))];
  };
};

const factorsOf = (kernels: Kernels, factors: Float32Array, rows: number, columns: number): Value =>
  kernels.upload(factors.slice(), [1, rows, columns, 1], 'float32');

export const avgPool2dGradientRoutine: MakeRoutine = (kernels, call) => {
  const pooling = poolingOf(call.attributes);
  const shape = outputShape(call);
  const [, rows = 1, columns = 1] = inputShape(call, 0);
  const apart = pooling.size.every(
    (n, i) => n === pooling.stride[i] && n * (i === 0 ? rows : columns) === shape[i + 1],
  );
  const factors = call.attributes.countPadding === true ? undefined : fullOverSeen(pooling, shape, rows, columns);
  const attributes = attributesOf(pooling);
  return ([given]) => {
    let dy = given as Value;
    if (apart && pooling.before.every((n) => n === 0)) {
      const [batch = 1, , , channels = 1] = shape;
      const [height, width] = pooling.size;
      const shared = binary(kernels, 'mul', dy, constant(1 / (height * width)));
      const cell = reshaped(shared, [batch * rows, 1, columns, 1, channels]);
      return [reshaped(broadcast(kernels, cell, [batch * rows, height, columns, width, channels]), shape)];
    }
    if (factors) dy = binary(kernels, 'mul', dy, factorsOf(kernels, factors, rows, columns));
    // tfjs asks for the images only to know their shape.
    const input: Value = { dataId: dy.dataId, shape: [...shape], dtype: 'float32' };
    return [kernels.run('AvgPoolGrad', { dy, input }, attributes)];
  };
};

/** The window's size over the number of its elements inside the image; undefined if they are equal everywhere. */
function fullOverSeen(
  pooling: Pooling,
  shape: readonly number[],
  rows: number,
  columns: number,
): Float32Array | undefined {
  const seen = (axis: 0 | 1, i: number): number => {
    const start = i * pooling.stride[axis] - pooling.before[axis];
    return Math.min(shape[axis + 1] ?? 0, start + pooling.size[axis]) - Math.max(0, start);
  };
  const full = pooling.size[0] * pooling.size[1];
  const factors = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) factors[i * columns + j] = full / (seen(0, i) * seen(1, j));
  return factors.some((factor) => factor !== 1) ? factors : undefined;
}
