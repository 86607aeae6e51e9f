/**
 * Pooling over images. tfjs's MaxPool passes over NaN on all its backends and gives −1e20 for windows of −∞ on WebGPU;
 * MaxPoolGrad is wrong for negative windows on WASM and on ties on WebGPU; AvgPoolGrad divides by the whole window where the
 * forward pass divides by what is inside the image. What is not mended here is left to the op's decomposition.
 */
import type { Attributes } from '@dendrite/spec';
import { binary, constant, select, unary } from '../kernels/arithmetic.ts';
import { castToFloat } from '../kernels/convert.ts';
import { pad } from '../kernels/move.ts';
import type { Value } from '../kernels/value.ts';
import { inputShape, type MakeRoutine, outputShape, pair } from './routine.ts';

interface Pooling {
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
}); // prettier-ignore
const noBorder = { before: [0, 0], after: [0, 0] } as const;

export const maxPool2dRoutine: MakeRoutine = (kernels, call) => {
  if (kernels.variant === 'webgpu') return undefined;
  const attributes = attributesOf(poolingOf(call.attributes));
  return ([given]) => {
    const x = given as Value;
    const plain = kernels.run('MaxPool', { x }, attributes);
    const nans = castToFloat(kernels, unary(kernels, 'isNaN', x));
    const touched = binary(kernels, 'lt', constant(0), kernels.run('MaxPool', { x: nans }, attributes));
    return [select(kernels, touched, constant(Number.NaN), plain, plain.shape)];
  };
};

export const avgPool2dRoutine: MakeRoutine = (kernels, call) => {
  const pooling = poolingOf(call.attributes);
  const countPadding = call.attributes.countPadding === true;
  return ([given]) => {
    const x = given as Value;
    if (!countPadding) return [kernels.run('AvgPool', { x }, attributesOf(pooling))];
    const bordered = pad(kernels, x, [0, ...pooling.before, 0], [0, ...pooling.after, 0], 0);
    return [kernels.run('AvgPool', { x: bordered }, attributesOf({ ...pooling, ...noBorder }))];
  };
};

export const avgPool2dGradientRoutine: MakeRoutine = (kernels, call) => {
  const pooling = poolingOf(call.attributes);
  const shape = outputShape(call);
  const [, rows = 1, columns = 1] = inputShape(call, 0);
  const factors = call.attributes.countPadding === true ? undefined : fullOverSeen(pooling, shape, rows, columns);
  const attributes = attributesOf(pooling);
  return ([given]) => {
    let dy = given as Value;
    if (factors) dy = binary(kernels, 'mul', dy, kernels.upload(factors.slice(), [1, rows, columns, 1], 'float32'));
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
