/**
 * Sums, products and extremes over axes, and the places of extremes. Reduced axes are brought to the end, so each kernel sees
 * rows. Sums of float32 are taken in blocks: tfjs's WASM and WebGPU add in one chain (a million times 0.1 gives 100,958).
 */
import { binary, constant, select, unary } from '../kernels/arithmetic.ts';
import { castToBool, castToFloat, castToInt } from '../kernels/convert.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { fill, transpose } from '../kernels/move.ts';
import { reshaped, sizeOf, type Value } from '../kernels/value.ts';
import { webgpuProgram } from '../kernels/webgpu-elementwise.ts';
import { inputShape, type MakeRoutine, numbers, outputShape } from './routine.ts';

type Kind = 'sum' | 'prod' | 'max' | 'min';
const kernelNames: Readonly<Record<Kind, string>> = { sum: 'Sum', prod: 'Prod', max: 'Max', min: 'Min' };
const ofNothing: Readonly<Record<Kind, number>> = {
  sum: 0,
  prod: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
};
/** Rows longer than this are summed in blocks: tfjs's WASM adds in one chain, its WebGPU in 64 at once. */
const longRow = { cpu: Number.POSITIVE_INFINITY, wasm: 256, webgpu: 4096 } as const;

export const reduceRoutine: MakeRoutine = (kernels, call) => {
  const kind = call.attributes.kind as Kind;
  const axes = numbers(call.attributes, 'axes');
  const from = inputShape(call, 0);
  const shape = outputShape(call);
  const kept = from.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...kept, ...axes.toSorted((a, b) => a - b)];
  const rows = sizeOf(shape);
  const length = sizeOf(axes.map((axis) => from[axis] ?? 1));
  const dtype = call.inputs[0]?.dtype ?? 'float32';
  return ([x]) => {
    const value = x as Value;
    if (length === 0) return [fill(kernels, shape, emptyResult(kind, value.dtype), value.dtype)];
    const grouped = reshaped(transpose(kernels, value, order), [rows, length]);
    if (length === 1) return [reshaped(grouped, shape)];
    const whole = value.dtype === 'bool' ? castToInt(kernels, grouped) : grouped;
    const reduced =
      kind === 'sum' && whole.dtype === 'float32' ? rowSums(kernels, whole) : rowsBy(kernels, kind, whole);
    if (value.dtype === 'bool') return [reshaped(castToBool(kernels, reduced), shape)];
    const wrapped =
      dtype === 'uint8' && (kind === 'sum' || kind === 'prod')
        ? binary(kernels, 'mod', reduced, constant(256))
        : reduced;
    return [reshaped(wrapped, shape)];
  };
};

/** Whole numbers have no infinity: there an extreme over nothing is 0, as in core's kernel. */
const emptyResult = (kind: Kind, dtype: Value['dtype']): number =>
  dtype === 'float32' || Number.isFinite(ofNothing[kind]) ? ofNothing[kind] : 0;

function rowsBy(kernels: Kernels, kind: Kind, x: Value): Value {
  const rows = [x.shape[0] ?? 1];
  // tfjs's WebGPU takes int32 through float32, exact to 2^24 only.
  if (kernels.variant === 'webgpu' && x.dtype === 'int32') return reshaped(intRows(kernels, kind, x), rows);
  const attributes = kind === 'max' ? { reductionIndices: [1], keepDims: false } : { axis: [1], keepDims: false };
  return kernels.run(kernelNames[kind], { x }, attributes);
}

const intSteps: Readonly<Record<Kind, string>> = {
  sum: 'total = total + x;',
  prod: 'total = total * x;',
  max: 'total = max(total, x);',
  min: 'total = min(total, x);',
};

/** One row an invocation, in int32 throughout. */
function intRows(kernels: Kernels, kind: Kind, x: Value): Value {
  const [rows = 1, length = 1] = x.shape;
  return webgpuProgram(kernels, {
    key: `int-rows ${kind}`,
    inputs: [reshaped(x, [rows * length])],
    size: rows,
    dtype: 'int32',
    numbers: { width: length },
    body: `
      var total = In0[index * uniforms.width];
      for (var i = 1; i < uniforms.width; i++) { let x = In0[index * uniforms.width + i]; ${intSteps[kind]} }
      return total;`,
  });
}

/** Sums of rows of float32: of blocks, then of their sums. tfjs's cpu adds in float64 anyway. */
export function rowSums(kernels: Kernels, x: Value): Value {
  const [rows = 1, length = 1] = x.shape;
  const most = longRow[kernels.variant];
  if (length <= most) return kernels.run('Sum', { x }, { axis: [1], keepDims: false });
  const block = blockOf(length, most);
  const blocks = Math.ceil(length / block);
  const padded =
    blocks * block === length
      ? x
      : kernels.run(
          'PadV2',
          { x },
          {
            paddings: [
              [0, 0],
              [0, blocks * block - length],
            ],
            constantValue: 0,
          },
        );
  const sums = kernels.run('Sum', { x: reshaped(padded, [rows * blocks, block]) }, { axis: [1], keepDims: false });
  return rowSums(kernels, reshaped(sums, [rows, blocks]));
}

/** The largest divisor up to `most`, because then nothing is copied; half of that if there is none to speak of. */
function blockOf(length: number, most: number): number {
  for (let block = most; block >= most / 16; block--) if (length % block === 0) return block;
  return most / 2;
}

/**
 * The first place of the largest (smallest) element, NaN before all. tfjs's kernels pass over NaN, and WebGPU's gives any of
 * several equal ones on long rows: so there the place is the smallest index whose element equals the extreme, and on cpu and
 * wasm the rows are looked through on the host.
 */
export const argReduceRoutine: MakeRoutine = (kernels, call) => {
  const kind = call.attributes.kind as 'max' | 'min';
  const axis = Number(call.attributes.axis);
  const from = inputShape(call, 0);
  const shape = outputShape(call);
  const length = from[axis] ?? 1;
  const order = [...from.keys()].filter((each) => each !== axis);
  order.push(axis);
  return ([given]) => {
    if (length === 0) throw kernels.failure('argMax(): the axis must have elements, got none');
    if (length === 1) return [fill(kernels, shape, 0, 'int32')];
    const x = reshaped(transpose(kernels, given as Value, order), [sizeOf(shape), length]);
    if (kernels.variant !== 'webgpu') return [reshaped(placesNow(kernels, x, kind), shape)];
    const value = x.dtype === 'bool' ? castToInt(kernels, x) : x;
    const best = reshaped(rowsBy(kernels, kind, value), [sizeOf(shape), 1]);
    const equal = binary(kernels, 'eq', value, best);
    const hit = value.dtype === 'float32' ? binary(kernels, 'or', equal, unary(kernels, 'isNaN', value)) : equal;
    const places = kernels.upload(
      Float32Array.from({ length }, (_, i) => i),
      [1, length],
      'float32',
    );
    const candidates = select(kernels, hit, places, constant(length), [sizeOf(shape), length]);
    const first = kernels.run('Min', { x: castToFloat(kernels, candidates) }, { axis: [1], keepDims: false });
    return [reshaped(castToInt(kernels, first), shape)];
  };
};

function placesNow(kernels: Kernels, x: Value, kind: 'max' | 'min'): Value {
  const [rows = 1, length = 1] = x.shape;
  const from = kernels.readNow(x);
  const places = new Int32Array(rows);
  for (let row = 0, at = 0; row < rows; row++, at += length) {
    let best = from[at] ?? 0;
    let place = 0;
    for (let i = 1; i < length && !Number.isNaN(best); i++) {
      const value = from[at + i] ?? 0;
      if (kind === 'max' ? value <= best : value >= best) continue;
      best = value; // larger, or NaN
      place = i;
    }
    places[row] = place;
  }
  return kernels.upload(places, [rows], 'int32');
}
