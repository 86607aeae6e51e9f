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

/**
 * The next of all indices of the first `axes` axes of `shape`, in row-major order: `index` is moved on; gives how far that moves a place
 * with these strides. Behind the last index comes the first.
 */
export function moveOn(index: number[], shape: Shape, strides: readonly number[], axes: number): number {
  let moved = 0;
  for (let axis = axes - 1; axis >= 0; axis--) {
    const next = (index[axis] as number) + 1;
    if (next < (shape[axis] as number)) {
      index[axis] = next;
      return moved + (strides[axis] as number);
    }
    index[axis] = 0;
    moved -= (next - 1) * (strides[axis] as number);
  }
  return moved;
}
