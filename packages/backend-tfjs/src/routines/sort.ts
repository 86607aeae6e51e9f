/**
 * Sorting rows by tfjs's TopK, which gives equal elements in their order. It is lost with NaN, and its WebGPU shader compares
 * whole numbers as float32; so NaN goes last by a second stable pass, and int32 is sorted by its low half, then its high half.
 */
import { binary, constant, select, unary } from '../kernels/arithmetic.ts';
import { castToFloat, castToInt } from '../kernels/convert.ts';
import { exactMove } from '../kernels/exact-move.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { fill } from '../kernels/move.ts';
import { reshaped, sizeOf, type Value } from '../kernels/value.ts';
import { inputShape, type MakeRoutine } from './routine.ts';

export const sortRoutine: MakeRoutine = (kernels, call) => {
  const shape = inputShape(call, 0);
  const length = shape.at(-1) ?? 1;
  const rows = sizeOf(shape.slice(0, -1));
  const descending = call.attributes.descending === true;
  return ([given]) => {
    const x = reshaped(given as Value, [rows, length]);
    if (length === 1) return [reshaped(x, shape), fill(kernels, shape, 0, 'int32')];
    if (kernels.variant !== 'webgpu') return sortNow(kernels, x, descending).map((value) => reshaped(value, shape));
    const value = x.dtype === 'bool' ? castToInt(kernels, x) : x;
    let order: Value | undefined;
    const pass = (key: Value): void => {
      const keys = order === undefined ? key : pick(kernels, key, order);
      const next = stableOrder(kernels, keys);
      order = order === undefined ? next : pick(kernels, order, next);
    };
    for (const key of value.dtype === 'float32'
      ? floatKeys(kernels, value, descending)
      : intKeys(kernels, value, descending))
      pass(key);
    const indices = order ?? fill(kernels, [rows, length], 0, 'int32');
    return [reshaped(pick(kernels, x, indices), shape), reshaped(indices, shape)];
  };
};

/** Keys to sort downwards by, the least important first. */
function floatKeys(kernels: Kernels, x: Value, descending: boolean): readonly Value[] {
  const nan = unary(kernels, 'isNaN', x);
  const upwards = descending ? x : unary(kernels, 'neg', x);
  const key = select(kernels, nan, constant(0), upwards, x.shape);
  return [key, castToFloat(kernels, unary(kernels, 'not', nan))];
}

function intKeys(kernels: Kernels, x: Value, descending: boolean): readonly Value[] {
  const low = binary(kernels, 'mod', x, constant(65536));
  const high = castToFloat(kernels, binary(kernels, 'sub', x, low)); // a multiple of 2^16: exact in float32
  const keys = [castToFloat(kernels, low), high];
  return descending ? keys : keys.map((key) => unary(kernels, 'neg', key));
}

const stableOrder = (kernels: Kernels, keys: Value): Value => {
  const [, indices] = kernels.runAll('TopK', { x: keys }, { k: keys.shape[1] ?? 1, sorted: true });
  if (indices === undefined) throw kernels.failure('kernel TopK must give indices, got none');
  return indices;
};

/** `rows[i, order[i, j]]`. */
function pick(kernels: Kernels, rows: Value, order: Value): Value {
  const [count = 1, length = 1] = rows.shape;
  const starts = kernels.upload(
    Int32Array.from({ length: count }, (_, row) => row * length),
    [count, 1],
    'int32',
  );
  const places = count === 1 ? order : binary(kernels, 'add', order, starts);
  const indices = reshaped(places, [count * length]);
  const taken = exactMove(kernels, [reshaped(rows, [count * length])], ([x]) =>
    kernels.run('GatherV2', { x: x as Value, indices }, { axis: 0, batchDims: 0 }),
  );
  return reshaped(taken, [count, length]);
}

/** On cpu and wasm tfjs's TopK sorts on the host as well: here in one go, with NaN in its place. */
function sortNow(kernels: Kernels, x: Value, descending: boolean): readonly Value[] {
  const [rows = 1, length = 1] = x.shape;
  const from = kernels.readNow(x);
  const sign = descending ? -1 : 1;
  const made =
    x.dtype === 'float32'
      ? new Float32Array(rows * length)
      : x.dtype === 'int32'
        ? new Int32Array(rows * length)
        : new Uint8Array(rows * length);
  const indices = new Int32Array(rows * length);
  for (let row = 0; row < rows; row++) {
    const at = row * length;
    const order = indices.subarray(at, at + length);
    for (let i = 0; i < length; i++) order[i] = i;
    order.sort((i, j) => {
      const a = from[at + i] ?? 0;
      const b = from[at + j] ?? 0;
      if (a < b) return -sign;
      if (a > b) return sign;
      return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || i - j;
    });
    for (let i = 0; i < length; i++) made[at + i] = from[at + (order[i] ?? 0)] ?? 0;
  }
  return [kernels.upload(made, x.shape, x.dtype), kernels.upload(indices, x.shape, 'int32')];
}
