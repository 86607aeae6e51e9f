/**
 * Windows over 1 to 3 spatial axes. Where they lie side by side, gather and scatter are transpositions. Else gather is one
 * strided slice a tap, joined; scatter, its transpose, each tap spread by its stride, put in its place and added, in the order
 * of the taps. Not by products with identity filters: 0 · ∞ is NaN.
 */
import { binary } from '../kernels/arithmetic.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { concat, fill, pad, slice, transpose } from '../kernels/move.ts';
import { reshaped, sizeOf, type Value } from '../kernels/value.ts';
import { inputShape, type MakeRoutine, numbers, outputShape } from './routine.ts';

interface Window {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const windowOf = (attributes: Parameters<typeof numbers>[0]): Window => ({
  size: numbers(attributes, 'size'),
  stride: numbers(attributes, 'stride'),
  dilation: numbers(attributes, 'dilation'),
  before: numbers(attributes, 'before'),
  after: numbers(attributes, 'after'),
});

const at = (numbers: readonly number[], i: number): number => numbers[i] ?? 0;

/** Whether no two windows share an element and none lies between them. */
const sideBySide = ({ size, stride, dilation }: Window): boolean =>
  size.every((length, i) => length === stride[i] && (dilation[i] === 1 || length === 1));

/** Offsets of the taps along each axis, in row-major order. */
export function tapsOf({ size, dilation }: Pick<Window, 'size' | 'dilation'>): readonly (readonly number[])[] {
  let taps: number[][] = [[]];
  size.forEach((length, axis) => {
    taps = taps.flatMap((tap) => Array.from({ length }, (_, i) => [...tap, i * (dilation[axis] ?? 1)]));
  });
  return taps;
}

export const windowGatherRoutine: MakeRoutine = (kernels, call) => {
  const window = windowOf(call.attributes);
  const spatial = window.size.length;
  const [batch = 1] = inputShape(call, 0);
  const channels = inputShape(call, 0).at(-1) ?? 1;
  const counts = outputShape(call).slice(1, 1 + spatial);
  const taps = tapsOf(window);
  const apart = sideBySide(window);
  return ([x], [padValue = 0]) => {
    if (apart) {
      // Border, or what no window covers, is added or cut first: [B, count · size, …, C].
      const after = counts.map(
        (n, i) => n * at(window.size, i) - (inputShape(call, 0)[i + 1] ?? 0) - at(window.before, i),
      );
      const covered = pad(kernels, x as Value, [0, ...window.before, 0], [0, ...after, 0], padValue);
      const split = counts.flatMap((n, i) => [n, at(window.size, i)]); // count, size of each axis
      const order = [0, ...counts.map((_, i) => 1 + 2 * i), ...counts.map((_, i) => 2 + 2 * i), 1 + 2 * spatial];
      return [reshaped(transpose(kernels, reshaped(covered, [batch, ...split, channels]), order), outputShape(call))];
    }
    const padded = pad(kernels, x as Value, [0, ...window.before, 0], [0, ...window.after, 0], padValue);
    const parts = taps.map((tap) =>
      slice(kernels, padded, [0, ...tap, 0], [batch, ...counts, channels], [1, ...window.stride, 1]),
    );
    return [concat(kernels, parts, spatial + 1)];
  };
};

export const windowScatterRoutine: MakeRoutine = (kernels, call) => {
  const window = windowOf(call.attributes);
  const spatial = numbers(call.attributes, 'spatial');
  const shape = outputShape(call);
  const [batch = 1] = shape;
  const channels = shape.at(-1) ?? 1;
  const counts = inputShape(call, 0).slice(1, 1 + spatial.length);
  const taps = tapsOf(window);
  const apart = sideBySide(window);
  return ([y]) => {
    if (apart && sizeOf(counts) > 0) {
      const rank = spatial.length;
      const laid = reshaped(y as Value, [batch, ...counts, ...window.size, channels]);
      const order = [0, ...counts.flatMap((_, i) => [1 + i, 1 + rank + i]), 1 + 2 * rank];
      const covered = reshaped(transpose(kernels, laid, order), [
        batch,
        ...counts.map((n, i) => n * at(window.size, i)),
        channels,
      ]);
      const after = spatial.map((n, i) => n - (covered.shape[i + 1] ?? 0) + at(window.before, i));
      return [pad(kernels, covered, [0, ...window.before.map((n) => -n), 0], [0, ...after, 0], 0)];
    }
    if (sizeOf(counts) === 0) return [fill(kernels, shape, 0, (y as Value).dtype)];
    let sum: Value | undefined;
    taps.forEach((tap, t) => {
      const begin = [...counts.map(() => 0), 0];
      const own = slice(kernels, y as Value, [0, ...begin.slice(1), t * channels], [batch, ...counts, channels]);
      const spread = spreadApart(kernels, own, window.stride);
      const before = tap.map((offset, axis) => offset - (window.before[axis] ?? 0));
      const after = spatial.map((length, axis) => length - (spread.shape[axis + 1] ?? 1) - (before[axis] ?? 0));
      // A tap that lies in the border altogether puts nothing into the result.
      if (before.some((n, axis) => n >= (spatial[axis] ?? 0) || n + (spread.shape[axis + 1] ?? 0) <= 0)) return;
      const placed = pad(kernels, spread, [0, ...before, 0], [0, ...after, 0], 0);
      sum = sum === undefined ? placed : binary(kernels, 'add', sum, placed);
    });
    return [sum ?? fill(kernels, shape, 0, (y as Value).dtype)];
  };
};

/** Zeros between neighbours of each spatial axis, so that they lie `stride` apart: length `(n − 1) · stride + 1`. */
export function spreadApart(kernels: Kernels, x: Value, stride: readonly number[]): Value {
  let result = x;
  stride.forEach((by, i) => {
    const axis = i + 1;
    const length = result.shape[axis] ?? 1;
    if (by === 1 || length <= 1) return;
    const outer = sizeOf(result.shape.slice(0, axis));
    const inner = sizeOf(result.shape.slice(axis + 1));
    const wide = pad(kernels, reshaped(result, [outer, length, 1, inner]), [0, 0, 0, 0], [0, 0, by - 1, 0], 0);
    const spread = (length - 1) * by + 1;
    const cut = slice(kernels, reshaped(wide, [outer, length * by, inner]), [0, 0, 0], [outer, spread, inner]);
    result = reshaped(cut, [...result.shape.slice(0, axis), spread, ...result.shape.slice(axis + 1)]);
  });
  return result;
}
