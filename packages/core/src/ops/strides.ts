/** Row-major index arithmetic that kernels share. */
import type { Shape, TensorSpec } from '@dendrite/spec';

/** The shape of a spec that the op's shape rule has seen; kernels trust that it is there. */
export const shapeOf = (spec: TensorSpec | undefined): Shape => spec?.shape ?? [];

export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);

/** Elements between neighbours along each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis] as number;
  }
  return strides;
}

/** Strides of `from` seen as `to`: 0 where it is stretched. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  return to.map((_, axis) => {
    const at = axis - to.length + from.length;
    return at < 0 || from[at] === 1 ? 0 : (own[at] as number);
  });
}

/** `[outer, length, inner]`: the axis with all before it and all behind it as one each. */
export function aroundAxis(shape: Shape, axis: number): readonly [outer: number, length: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis] as number, sizeOf(shape.slice(axis + 1))];
}
