/**
 * Moving elements: transpose, slice, pad, stretch, join, fill. Each first merges axes that stay together, so that ranks are
 * small (tfjs's WebGPU shaders know six axes) and identities cost nothing.
 */
import type { Shape } from '@dendrite/spec';
import { castToBool, castToInt } from './convert.ts';
import { exactMove } from './exact-move.ts';
import type { Kernels } from './kernels.ts';
import { arrayOf, reshaped, type StoredDtype, sizeOf, type Value } from './value.ts';

export function transpose(kernels: Kernels, x: Value, axes: readonly number[]): Value {
  const outShape = axes.map((axis) => x.shape[axis] ?? 1);
  // Axes of length 1 move nothing; neighbours that stay neighbours move as one.
  const groups: number[][] = [];
  for (const axis of axes) {
    if (x.shape[axis] === 1) continue;
    const last = groups.at(-1);
    const previous = last?.at(-1);
    if (last && previous !== undefined && nextAxis(x.shape, previous) === axis) last.push(axis);
    else groups.push([axis]);
  }
  if (groups.length <= 1) return reshaped(x, outShape);
  const inOrder = [...groups].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const shape = inOrder.map((group) => sizeOf(group.map((axis) => x.shape[axis] ?? 1)));
  const perm = groups.map((group) => inOrder.indexOf(group));
  // tfjs's WebGPU turns matrices in tiles of 16 × 16, which a narrow one leaves empty; with a third axis it does not.
  if (kernels.variant === 'webgpu' && shape.length === 2 && Math.min(...shape) < 16) {
    shape.unshift(1);
    perm.splice(0, 2, 0, 2, 1);
  }
  return reshaped(
    exactMove(kernels, [reshaped(x, shape)], ([value]) => kernels.run('Transpose', { x: value as Value }, { perm })),
    outShape,
  );
}

const nextAxis = (shape: Shape, axis: number): number => {
  let next = axis + 1;
  while (shape[next] === 1) next++;
  return next;
};

/** `size` elements of each axis from `begin`, every `step`-th; a negative step walks back from `begin`. */
export function slice(
  kernels: Kernels,
  x: Value,
  begin: readonly number[],
  size: readonly number[],
  step: readonly number[] = begin.map(() => 1),
): Value {
  let result = x;
  // Strided axes one by one, as [outer, length, inner].
  for (let axis = 0; axis < step.length; axis++) {
    const by = step[axis] ?? 1;
    if (by === 1 || (size[axis] ?? 0) <= 1) continue;
    result = takeEvery(kernels, result, axis, begin[axis] ?? 0, size[axis] ?? 0, by);
  }
  const done = (axis: number): boolean => (step[axis] ?? 1) !== 1 && (size[axis] ?? 0) > 1;
  const from = begin.map((first, axis) => (done(axis) ? 0 : first));
  if (result.shape.every((length, axis) => length === size[axis])) return reshaped(result, size);
  // An axis taken whole belongs to the axis before it.
  const shapes: number[] = [];
  const begins: number[] = [];
  const sizes: number[] = [];
  for (let axis = 0; axis < size.length; axis++) {
    const length = result.shape[axis] ?? 1;
    const at = shapes.length - 1;
    if (at >= 0 && (size[axis] ?? 0) === length) {
      shapes[at] = (shapes[at] ?? 1) * length;
      begins[at] = (begins[at] ?? 0) * length;
      sizes[at] = (sizes[at] ?? 1) * length;
    } else {
      shapes.push(length);
      begins.push(from[axis] ?? 0);
      sizes.push(size[axis] ?? 0);
    }
  }
  return reshaped(
    exactMove(kernels, [reshaped(result, shapes)], ([value]) =>
      kernels.run('Slice', { x: value as Value }, { begin: begins, size: sizes }),
    ),
    size,
  );
}

/**
 * Every `step`-th element of an axis: the axis is cut into rows of `step`, turned, and the first column taken. tfjs's WASM
 * StridedSlice takes twenty times as long, and gives float32 whatever goes in.
 */
function takeEvery(kernels: Kernels, x: Value, axis: number, begin: number, size: number, step: number): Value {
  const length = x.shape[axis] ?? 1;
  if (step < 0) return takeEvery(kernels, reverse(kernels, x, axis), axis, length - 1 - begin, size, -step);
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const end = Math.min(length, begin + size * step);
  const cut = slice(kernels, reshaped(x, [outer, length, inner]), [0, begin, 0], [outer, end - begin, inner]);
  const whole = pad(kernels, cut, [0, 0, 0], [0, size * step - (end - begin), 0], 0);
  const columns = transpose(kernels, reshaped(whole, [outer, size, step, inner]), [2, 0, 1, 3]);
  const taken = slice(kernels, columns, [0, 0, 0, 0], [1, outer, size, inner]);
  return reshaped(taken, [...x.shape.slice(0, axis), size, ...x.shape.slice(axis + 1)]);
}

export function reverse(kernels: Kernels, x: Value, axis: number): Value {
  const length = x.shape[axis] ?? 1;
  if (length <= 1) return x;
  const flat = reshaped(x, [sizeOf(x.shape.slice(0, axis)), length, sizeOf(x.shape.slice(axis + 1))]);
  // tfjs's WASM Reverse reads bools as four bytes each.
  if (kernels.variant === 'wasm' && x.dtype === 'bool')
    return reshaped(
      castToBool(kernels, kernels.run('Reverse', { x: castToInt(kernels, flat) }, { dims: [1] })),
      x.shape,
    );
  return reshaped(
    exactMove(kernels, [flat], ([value]) => kernels.run('Reverse', { x: value as Value }, { dims: [1] })),
    x.shape,
  );
}

/** `before` and `after` elements of `value` around each axis; negative numbers cut off. */
export function pad(
  kernels: Kernels,
  x: Value,
  before: readonly number[],
  after: readonly number[],
  value: number,
): Value {
  let result = x;
  if (before.some((n) => n < 0) || after.some((n) => n < 0)) {
    const begin = before.map((n) => Math.max(0, -n));
    const size = x.shape.map((length, axis) => length + Math.min(0, before[axis] ?? 0) + Math.min(0, after[axis] ?? 0));
    result = slice(kernels, x, begin, size);
  }
  const shapes: number[] = [];
  const paddings: [number, number][] = [];
  result.shape.forEach((length, axis) => {
    const padding: [number, number] = [Math.max(0, before[axis] ?? 0), Math.max(0, after[axis] ?? 0)];
    const at = shapes.length - 1;
    const last = paddings[at];
    if (last && padding[0] === 0 && padding[1] === 0) {
      shapes[at] = (shapes[at] ?? 1) * length;
      last[0] *= length;
      last[1] *= length;
    } else {
      shapes.push(length);
      paddings.push(padding);
    }
  });
  const shape = result.shape.map((n, axis) => n + Math.max(0, before[axis] ?? 0) + Math.max(0, after[axis] ?? 0));
  if (paddings.every(([a, b]) => a === 0 && b === 0)) return reshaped(result, shape);
  if (sizeOf(result.shape) === 0) return fill(kernels, shape, value, x.dtype);
  const flat = reshaped(result, shapes);
  // tfjs's WASM PadV2 writes NaN for ever once it was asked to, and takes whole numbers through float32, as WebGPU's does.
  const large = x.dtype === 'int32' && Math.abs(value) > 2 ** 24;
  const blocks =
    kernels.variant === 'wasm'
      ? large || !Number.isFinite(value)
      : x.dtype === 'int32' && kernels.variant === 'webgpu' && value !== 0;
  if (blocks) return reshaped(padByBlocks(kernels, flat, paddings, value), shape);
  return reshaped(
    exactMove(kernels, [flat], ([each]) =>
      kernels.run('PadV2', { x: each as Value }, { paddings, constantValue: value }),
    ),
    shape,
  );
}

function padByBlocks(
  kernels: Kernels,
  x: Value,
  paddings: readonly (readonly [number, number])[],
  value: number,
): Value {
  let result = x;
  paddings.forEach(([before, after], axis) => {
    const block = (length: number): Value =>
      fill(kernels, [...result.shape.slice(0, axis), length, ...result.shape.slice(axis + 1)], value, x.dtype);
    result = concat(kernels, [...(before ? [block(before)] : []), result, ...(after ? [block(after)] : [])], axis);
  });
  return result;
}

export function concat(kernels: Kernels, parts: readonly Value[], axis: number): Value {
  const [first] = parts;
  if (first === undefined) throw kernels.failure('concat must have parts, got none');
  const shape = [...first.shape];
  shape[axis] = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  const filled = parts.filter((part) => sizeOf(part.shape) > 0);
  if (filled.length === 1) return reshaped(filled[0] ?? first, shape);
  const outer = sizeOf(shape.slice(0, axis));
  const flat = filled.map((part) => reshaped(part, [outer, sizeOf(part.shape.slice(axis))]));
  return reshaped(
    exactMove(kernels, flat, (each) => kernels.run('Concat', each, { axis: 1 })),
    shape,
  );
}

/** `x` with its axes of length 1 stretched, and axes added in front, as NumPy does. */
export function broadcast(kernels: Kernels, x: Value, shape: Shape): Value {
  if (sizeOf(x.shape) === sizeOf(shape)) return reshaped(x, shape);
  const lead = shape.length - x.shape.length;
  const from: number[] = [];
  const reps: number[] = [];
  shape.forEach((length, axis) => {
    const own = x.shape[axis - lead] ?? 1;
    const at = from.length - 1;
    const stretched = own === 1 && length !== 1;
    if (length === 1) return;
    if (at >= 0 && stretched === (reps[at] !== 1)) {
      from[at] = (from[at] ?? 1) * own;
      reps[at] = (reps[at] ?? 1) * (stretched ? length : 1);
    } else {
      from.push(own);
      reps.push(stretched ? length : 1);
    }
  });
  const flat = reshaped(x, from);
  if (kernels.variant === 'webgpu') {
    // With five axes its Tile reads the data back to the host.
    if (from.length > 4) return reshaped(tileStepwise(kernels, flat, reps), shape);
    return reshaped(
      exactMove(kernels, [flat], ([value]) => kernels.run('Tile', { x: value as Value }, { reps })),
      shape,
    );
  }
  if (from.length > 4) return reshaped(tileStepwise(kernels, flat, reps), shape);
  return reshaped(stretch(kernels, flat, reps), shape);
}

/** Times one: tfjs's Tile takes twenty times as long on WASM. */
function stretch(kernels: Kernels, x: Value, reps: readonly number[]): Value {
  const ones = fill(
    kernels,
    x.shape.map((length, axis) => length * (reps[axis] ?? 1)),
    1,
    x.dtype,
  );
  return kernels.run(x.dtype === 'bool' ? 'LogicalAnd' : 'Multiply', { a: ones, b: x });
}

/** One stretched axis after the other, as [outer, 1, inner]. */
function tileStepwise(kernels: Kernels, x: Value, reps: readonly number[]): Value {
  let result = x;
  reps.forEach((by, axis) => {
    if (by === 1) return;
    const outer = sizeOf(result.shape.slice(0, axis));
    const inner = sizeOf(result.shape.slice(axis + 1));
    const wide = broadcast(kernels, reshaped(result, [outer, 1, inner]), [outer, by, inner]);
    result = reshaped(wide, [...result.shape.slice(0, axis), by, ...result.shape.slice(axis + 1)]);
  });
  return result;
}

export function fill(kernels: Kernels, shape: Shape, value: number, dtype: StoredDtype): Value {
  const whole = [...shape];
  // tfjs's WebGPU Fill takes its number through float32.
  if (dtype === 'int32' && Math.abs(value) > 2 ** 24 && kernels.variant === 'webgpu')
    return kernels.upload(new Int32Array(sizeOf(shape)).fill(value), whole, dtype);
  if (shape.length === 0) return kernels.upload(arrayOf(dtype, [value]), whole, dtype);
  return reshaped(kernels.run('Fill', {}, { shape: [sizeOf(shape)], value, dtype }), whole);
}
