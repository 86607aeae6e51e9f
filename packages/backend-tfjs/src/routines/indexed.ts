/**
 * Gather and scatter-add. An index out of range throws on cpu and wasm, which read indices at no cost; on WebGPU it gathers
 * NaN (0 for whole numbers) and is dropped from a scatter.
 */
import { DendriteError } from '@dendrite/spec';
import { binary, constant, select } from '../kernels/arithmetic.ts';
import { castToBool, castToInt } from '../kernels/convert.ts';
import { exactMove } from '../kernels/exact-move.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { fill, transpose } from '../kernels/move.ts';
import { reshaped, sizeOf, type Value } from '../kernels/value.ts';
import { webgpuProgram } from '../kernels/webgpu-elementwise.ts';
import { inputShape, type MakeRoutine, outputShape } from './routine.ts';

export const gatherRoutine: MakeRoutine = (kernels, call) => {
  const from = inputShape(call, 0);
  const axis = Number(call.attributes.axis);
  const outer = sizeOf(from.slice(0, axis));
  const inner = sizeOf(from.slice(axis + 1));
  const length = from[axis] ?? 1;
  const count = sizeOf(inputShape(call, 1));
  const shape = outputShape(call);
  return ([x, at]) => {
    const indices = reshaped(at as Value, [count]);
    const value = reshaped(x as Value, [outer, length, inner]);
    if (kernels.variant !== 'webgpu') {
      checkIndices(kernels, 'gather', indices, length);
      return [reshaped(kernels.run('GatherV2', { x: value, indices }, { axis: 1, batchDims: 0 }), shape)];
    }
    if (length === 0) return [fill(kernels, shape, value.dtype === 'float32' ? Number.NaN : 0, value.dtype)];
    const safe = binary(kernels, 'min', binary(kernels, 'max', indices, constant(0)), constant(length - 1));
    const taken = exactMove(kernels, [value], ([each]) =>
      kernels.run('GatherV2', { x: each as Value, indices: safe }, { axis: 1, batchDims: 0 }),
    );
    const valid = reshaped(binary(kernels, 'eq', indices, safe), [1, count, 1]);
    const missing = constant(value.dtype === 'float32' ? Number.NaN : 0);
    return [reshaped(select(kernels, valid, taken, missing, [outer, count, inner]), shape)];
  };
};

/** tfjs's ScatterNd adds in the order of the indices on cpu and wasm; on WebGPU see `addInOrder`. */
export const scatterAddRoutine: MakeRoutine = (kernels, call) => {
  const axis = Number(call.attributes.axis);
  const length = Number(call.attributes.length);
  const shape = outputShape(call);
  const count = sizeOf(inputShape(call, 1));
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  return ([given, at]) => {
    const updates = given as Value;
    if (count === 0 || length === 0) return [fill(kernels, shape, 0, updates.dtype)];
    const indices = reshaped(at as Value, [count]);
    const rows = reshaped(transpose(kernels, reshaped(updates, [outer, count, inner]), [1, 0, 2]), [
      count,
      outer * inner,
    ]);
    const sums =
      kernels.variant === 'webgpu'
        ? addInOrder(kernels, rows, indices, length)
        : addRows(kernels, rows, indices, length);
    return [reshaped(transpose(kernels, reshaped(sums, [length, outer, inner]), [1, 0, 2]), shape)];
  };
};

function addRows(kernels: Kernels, rows: Value, indices: Value, length: number): Value {
  checkIndices(kernels, 'scatterAdd', indices, length);
  const [count = 1, width = 1] = rows.shape;
  const updates = rows.dtype === 'bool' ? castToInt(kernels, rows) : rows;
  const sums = kernels.run(
    'ScatterNd',
    { indices: reshaped(indices, [count, 1]), updates },
    { shape: [length, width] },
  );
  return rows.dtype === 'bool' ? castToBool(kernels, sums) : sums;
}

/**
 * On WebGPU tfjs's ScatterNd adds with atomics, in any order, so equal seeds would not give equal bits. Here each element of
 * the result looks for its updates in the order of the indices; one that is out of range is nobody's.
 */
function addInOrder(kernels: Kernels, rows: Value, indices: Value, length: number): Value {
  const [count = 1, width = 1] = rows.shape;
  const type = rows.dtype === 'float32' ? 'f32' : 'i32';
  const sums = webgpuProgram(kernels, {
    key: `scatter-add ${type}`,
    inputs: [reshaped(rows, [count * width]), indices],
    size: length * width,
    dtype: rows.dtype,
    numbers: { count, width },
    body: `
      let row = index / uniforms.width;
      let column = index % uniforms.width;
      var sum = ${type}(0);
      for (var i = 0; i < uniforms.count; i++) { if (In1[i] == row) { sum = sum + In0[i * uniforms.width + column]; } }
      return sum;`,
  });
  return reshaped(sums, [length, width]);
}

function checkIndices(kernels: Kernels, operation: string, indices: Value, length: number): void {
  const values = kernels.readNow(indices);
  for (let i = 0; i < values.length; i++) {
    const index = values[i] ?? 0;
    if (!(index >= 0 && index < length))
      throw new DendriteError('OPTION', `${operation}(): indices must be from 0 to ${length - 1}, got ${index}.`);
  }
}
