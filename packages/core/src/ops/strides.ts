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
 * Copies by strides: `to[i] = from[offset + Σ indexₐ · strideₐ]` for every index of `shape` in row-major order. Broadcast
 * axes have stride 0, reversed ones a negative stride.
 */
export function stridedCopy(
  to: { [i: number]: number },
  from: { readonly [i: number]: number },
  shape: Shape,
  strides: readonly number[],
  offset: number,
): void {
  const rank = shape.length;
  if (rank === 0) {
    to[0] = from[offset] as number;
    return;
  }
  const total = sizeOf(shape);
  if (total === 0) return;
  const inner = shape[rank - 1] as number;
  const step = strides[rank - 1] as number;
  const index = new Array<number>(rank).fill(0);
  let at = offset;
  for (let i = 0; i < total; ) {
    for (let j = 0, p = at; j < inner; j++, p += step) to[i++] = from[p] as number;
    for (let axis = rank - 2; axis >= 0; axis--) {
      const next = (index[axis] as number) + 1;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        at += strides[axis] as number;
        break;
      }
      index[axis] = 0;
      at -= (next - 1) * (strides[axis] as number);
    }
  }
}
