/** One loop for slices, transposes and stretched axes in plain JavaScript. */
import type { Shape } from '@dendrite/spec';
import { moveOn, sizeOf } from './strides.ts';

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
    at += moveOn(index, shape, strides, rank - 1);
  }
}
