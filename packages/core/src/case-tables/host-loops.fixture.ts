/** Plain loops over host tensors in float64: what the references of the case tables are written with. */
import type { HostTensor, OpCase, Shape, Tensor } from '@dendrite/spec';

type Index = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

/** Every index of a shape in row-major order; one empty index for a scalar. */
export function indices(shape: Shape): Index[] {
  return shape.reduce<Index[]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i])),
    [[]],
  );
}

/** A tensor from a formula over its index. */
export const host = (shape: Shape, value: (index: Index) => number): HostTensor => ({
  shape,
  data: Float64Array.from(indices(shape), value),
});

/** An element. */
export function at({ shape, data }: HostTensor, index: Index): number {
  const place = shape.reduce((sum, length, axis) => sum * length + (index[axis] as number), 0);
  return data[place] as number;
}

/** An element of `x` stretched: trailing axes are matched, axes of length 1 repeat. */
export const stretched = (x: HostTensor, index: Index): number =>
  at(
    x,
    x.shape.map((length, axis) => (length === 1 ? 0 : (index[index.length - x.shape.length + axis] as number))),
  );

export function broadcastShape(shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return lengths.find((length) => length !== 1) ?? 1;
  });
}

/** The reference of an element-wise op. */
export const elementwise =
  (f: (...values: number[]) => number): NonNullable<OpCase['reference']> =>
  (inputs) => [
    host(broadcastShape(inputs.map(({ shape }) => shape)), (index) => f(...inputs.map((x) => stretched(x, index)))),
  ];

/** The reference of an op with one input and one output. */
export const ofOne =
  (f: (x: HostTensor) => HostTensor): NonNullable<OpCase['reference']> =>
  ([x]) =>
    x ? [f(x)] : [];
export const ofTwo =
  (f: (x: HostTensor, y: HostTensor) => HostTensor): NonNullable<OpCase['reference']> =>
  ([x, y]) =>
    x && y ? [f(x, y)] : [];

type Made = Tensor | readonly Tensor[];
/** `run` of a case with one input. */
export const one =
  (f: (x: Tensor) => Made): OpCase['run'] =>
  ([x]) =>
    f(x as Tensor);
export const two =
  (f: (x: Tensor, y: Tensor) => Made): OpCase['run'] =>
  ([x, y]) =>
    f(x as Tensor, y as Tensor);
export const three =
  (f: (x: Tensor, y: Tensor, z: Tensor) => Made): OpCase['run'] =>
  ([x, y, z]) =>
    f(x as Tensor, y as Tensor, z as Tensor);
