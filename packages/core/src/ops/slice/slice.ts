/** Parts of a tensor. */
import { DendriteError, defineOp, type PrimitiveOp, type Shape, type Tensor, type TensorSpec } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { concat } from '../concat/concat.ts';
import { checked, only } from '../expression/expression-op.ts';
import { fill } from '../making/fill.ts';
import { frontAxes, whole } from '../option.ts';
import { padWith } from '../pad/pad.ts';
import { reshape, viewOf } from '../reshape/reshape.ts';
import { sizeOf, stridesOf } from '../strides.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/slice',
  infer: ([x], attributes) => [{ shape: attributes.size as Shape, dtype: (x as TensorSpec).dtype }],
  saves: {},
  gradient: ({ dy: [d], spec, attributes }) => {
    if (!d) return [null];
    const { shape } = spec(0);
    const begin = attributes.begin as readonly number[];
    const size = attributes.size as readonly number[];
    const step = attributes.step as readonly number[];
    // Backward: undo negative steps, spread strided elements apart with zeros between, pad to the input's size.
    let g = reverse(d, { axes: shape.flatMap((_, axis) => ((step[axis] as number) < 0 ? [axis] : [])) });
    const stride = step.map(Math.abs);
    const first = begin.map((at, axis) =>
      (step[axis] as number) < 0 ? at - ((size[axis] as number) - 1) * (stride[axis] as number) : at,
    );
    g = spread(g, stride);
    const before = g.size === 0 ? shape.map(() => 0) : first;
    return [
      g.size === 0
        ? fill(d.runtime, spec(0), 0)
        : padWith(
            g,
            before,
            shape.map((length, axis) => length - (before[axis] as number) - (g.shape[axis] as number)),
          ),
    ];
  },
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/slice']),
    wasm: () => import('../network.wasm.ts').then((m) => m.sliceWasmKernel),
  },
});

/** `stride − 1` zeros behind each element but the last, along each axis. */
function spread(x: Tensor, stride: readonly number[]): Tensor {
  let g = x;
  stride.forEach((apart, axis) => {
    const length = g.shape[axis] as number;
    if (apart === 1 || length < 2) return;
    const { shape } = g;
    const rows = reshape(g, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
    const after = rows.shape.map((_, i) => (i === axis + 1 ? apart - 1 : 0));
    const apartRows = padWith(
      rows,
      after.map(() => 0),
      after,
    );
    const flat = reshape(apartRows, [...shape.slice(0, axis), length * apart, ...shape.slice(axis + 1)]);
    g = slice(flat, {
      begin: shape.map(() => 0),
      size: flat.shape.map((all, i) => (i === axis ? all - apart + 1 : all)),
    });
  });
  return g;
}

export interface SliceOptions {
  /** First element taken of each axis; negative counts from the end. Missing axes: 0. */
  readonly begin: readonly number[];
  /** Elements taken of each axis; −1: all that fit. Missing axes: all. */
  readonly size?: readonly number[];
  /** Distance of elements taken of each axis, negative to go backwards. Default 1. */
  readonly step?: readonly number[];
}

/**
 * A part of a tensor. A part that is contiguous (whole trailing axes) shares its bytes where the backend can.
 * @gradient  the cotangent where elements were taken, zero elsewhere
 * @throws OPTION  if an element outside would be taken
 * @example
 * import { slice, tensor } from '@dendrite/core';
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * await slice(x, { begin: [1] }).toArray(); // [[4, 5, 6]]
 * await slice(x, { begin: [0, -1], step: [1, -2] }).toArray(); // [[3, 1], [6, 4]]
 */
export function slice(x: Tensor, { begin, size = [], step = [] }: SliceOptions): Tensor {
  const { shape } = checked(x, 'slice');
  if (begin.length > shape.length || size.length > shape.length || step.length > shape.length)
    throw new DendriteError(
      'OPTION',
      `slice(): begin, size and step must have at most ${shape.length} numbers for shape [${shape.join(', ')}], got ${Math.max(begin.length, size.length, step.length)}.`,
    );
  const steps = shape.map((_, axis) => step[axis] ?? 1);
  const first = shape.map((length, axis) => {
    const at = begin[axis] ?? ((steps[axis] as number) < 0 ? -1 : 0);
    return at < 0 ? at + length : at;
  });
  const sizes = shape.map((length, axis) => {
    const by = steps[axis] as number;
    const at = first[axis] as number;
    if (!Number.isInteger(by) || by === 0)
      throw new DendriteError(
        'OPTION',
        `slice(): step must be a whole number other than 0, got ${by} at axis ${axis}.`,
      );
    const fits = by > 0 ? Math.ceil((length - at) / by) : Math.ceil((at + 1) / -by);
    const wanted = size[axis] ?? -1;
    const count = wanted === -1 ? Math.max(0, fits) : wanted;
    const last = at + (count - 1) * by;
    if (
      !Number.isInteger(at) ||
      !Number.isInteger(count) ||
      count < 0 ||
      (count > 0 && (at < 0 || at >= length || last < 0 || last >= length)) ||
      (count === 0 && (at < -1 || at > length))
    )
      throw new DendriteError(
        'OPTION',
        `slice(): taken elements must lie inside axis ${axis} of length ${length}, got begin ${begin[axis] ?? 0}, size ${count}, step ${by}.`,
      );
    return count;
  });
  // Contiguous: every axis before the first partial one has length 1 in the result, all behind it are whole.
  const partial = shape.findIndex((length, axis) => sizes[axis] !== length);
  const taken = partial < 0 ? 0 : first.reduce((sum, at, axis) => sum + at * (stridesOf(shape)[axis] as number), 0);
  const plain = steps.every((by, axis) => by === 1 || (sizes[axis] as number) <= 1);
  const wholeBehind = shape.every(
    (length, axis) => sizes[axis] === length || sizes.slice(0, axis).every((count) => count === 1),
  );
  if (
    plain &&
    wholeBehind &&
    sizeOf(sizes) > 0 &&
    (x.runtime.device.addressing === 'bytes' || sizeOf(sizes) === x.size)
  )
    return viewOf(x, sizes, taken);
  return only(x.runtime.run(op, [x], { begin: first, size: sizes, step: steps }));
}

/** Elements in reverse order along `axes` (default: all). @throws OPTION */
export function reverse(x: Tensor, { axes }: { readonly axes?: number | readonly number[] } = {}): Tensor {
  const { shape } = checked(x, 'reverse');
  const turned = frontAxes('reverse', axes, shape);
  if (x.size === 0 || turned.length === 0) return viewOf(x, shape, 0);
  return only(
    x.runtime.run(op, [x], {
      begin: shape.map((length, axis) => (turned.includes(axis) ? length - 1 : 0)),
      size: shape,
      step: shape.map((_, axis) => (turned.includes(axis) ? -1 : 1)),
    }),
  );
}

/** `x` repeated `repeats[i]` times along axis i, one whole copy after another. @throws OPTION */
export function tile(x: Tensor, repeats: readonly number[]): Tensor {
  const { shape } = checked(x, 'tile');
  if (repeats.length !== shape.length)
    throw new DendriteError(
      'OPTION',
      `tile(): repeats must have one number an axis (${shape.length}), got ${repeats.length}.`,
    );
  for (const times of repeats) whole('tile', 'each repeat', times);
  return runInScope(
    () =>
      repeats.reduce<Tensor>(
        (made, times, axis) =>
          times === 1
            ? made
            : times === 0
              ? slice(made, { begin: [], size: made.shape.map((length, i) => (i === axis ? 0 : length)) })
              : concat(new Array<Tensor>(times).fill(made), { axis }),
        viewOf(x, shape, 0),
      ),
    'tile',
  );
}
