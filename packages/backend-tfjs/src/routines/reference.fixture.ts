/** For tests: the primitives in plain loops over row-major arrays. */
import type { Dense } from '../device/device.fixture.ts';

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** All index tuples of a shape, in row-major order. */
export function indices(shape: readonly number[]): number[][] {
  let all: number[][] = [[]];
  for (const length of shape) all = all.flatMap((index) => Array.from({ length }, (_, i) => [...index, i]));
  return all;
}
export function at(x: Pick<Dense, 'shape' | 'data'>, index: readonly number[]): number {
  let place = 0;
  x.shape.forEach((length, axis) => {
    place = place * length + (index[axis] ?? 0);
  });
  return x.data[place] ?? Number.NaN;
}
const make = (shape: readonly number[], f: (index: readonly number[]) => number): number[] => indices(shape).map(f);
const without = (index: readonly number[], axis: number): number[] => index.filter((_, i) => i !== axis);

export function transpose(x: Dense, axes: readonly number[]): { shape: number[]; data: number[] } {
  const shape = axes.map((axis) => x.shape[axis] ?? 1);
  const data = make(shape, (out) => {
    const index: number[] = [];
    axes.forEach((axis, i) => {
      index[axis] = out[i] ?? 0;
    });
    return at(x, index);
  });
  return { shape, data };
}
export const slice = (x: Dense, begin: readonly number[], size: readonly number[], step: readonly number[]): number[] =>
  make(size, (out) =>
    at(
      x,
      out.map((i, axis) => (begin[axis] ?? 0) + i * (step[axis] ?? 1)),
    ),
  );

export function pad(
  x: Dense,
  before: readonly number[],
  after: readonly number[],
  value: number,
): { shape: number[]; data: number[] } {
  const shape = x.shape.map((length, axis) => length + (before[axis] ?? 0) + (after[axis] ?? 0));
  const data = make(shape, (out) => {
    const index = out.map((i, axis) => i - (before[axis] ?? 0));
    return index.every((i, axis) => i >= 0 && i < (x.shape[axis] ?? 0)) ? at(x, index) : value;
  });
  return { shape, data };
}
export const broadcast = (x: Dense, shape: readonly number[]): number[] =>
  make(shape, (out) =>
    at(
      x,
      x.shape.map((length, axis) => (length === 1 ? 0 : (out[axis + shape.length - x.shape.length] ?? 0))),
    ),
  );

export function concat(parts: readonly Dense[], axis: number): { shape: number[]; data: number[] } {
  const shape = [...(parts[0]?.shape ?? [])];
  shape[axis] = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  const data = make(shape, (out) => {
    let place = out[axis] ?? 0;
    for (const part of parts) {
      const length = part.shape[axis] ?? 0;
      if (place < length)
        return at(
          part,
          out.map((i, a) => (a === axis ? place : i)),
        );
      place -= length;
    }
    return Number.NaN;
  });
  return { shape, data };
}

export function reduce(x: Dense, kind: string, axes: readonly number[]): { shape: number[]; data: number[] } {
  const shape = x.shape.filter((_, axis) => !axes.includes(axis));
  const inner = axes.map((axis) => x.shape[axis] ?? 1);
  const data = make(shape, (out) => {
    let total = { sum: 0, prod: 1, max: -Infinity, min: Infinity }[kind] ?? Number.NaN;
    for (const reduced of indices(inner)) {
      const rest = [...out];
      const value = at(
        x,
        x.shape.map((_, axis) => (axes.includes(axis) ? (reduced[axes.indexOf(axis)] ?? 0) : (rest.shift() ?? 0))),
      );
      if (kind === 'sum') total += value;
      else if (kind === 'prod') total *= value;
      else total = kind === 'max' ? Math.max(total, value) : Math.min(total, value);
    }
    return total;
  });
  return { shape, data };
}
export function argReduce(x: Dense, kind: string, axis: number): { shape: number[]; data: number[] } {
  const shape = without(x.shape, axis);
  const data = make(shape, (out) => {
    let best = 0;
    for (let i = 0; i < (x.shape[axis] ?? 0); i++) {
      const read = (j: number): number => at(x, out.toSpliced(axis, 0, j));
      const [value, top] = [read(i), read(best)];
      if (Number.isNaN(top)) break;
      if (Number.isNaN(value) || (kind === 'max' ? value > top : value < top)) best = i;
    }
    return best;
  });
  return { shape, data };
}
export function cumulative(x: Dense, kind: string, axis: number, exclusive: boolean, reverse: boolean): number[] {
  return make(x.shape, (out) => {
    const place = out[axis] ?? 0;
    let total = kind === 'sum' ? 0 : 1;
    for (let i = 0; i < (x.shape[axis] ?? 0); i++) {
      const counts = reverse ? i > place : i < place;
      if (!counts && !(i === place && !exclusive)) continue;
      const value = at(x, out.with(axis, i));
      total = kind === 'sum' ? total + value : total * value;
    }
    return total;
  });
}

export interface WindowAttributes {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}
/** Calls `each(output index of the gather, input index or undefined in the border)`. */
export function forEachTap(
  shape: readonly number[],
  w: WindowAttributes,
  each: (out: number[], from: number[] | undefined) => void,
): number[] {
  const spatial = shape.slice(1, -1);
  const channels = shape.at(-1) ?? 1;
  const counts = spatial.map(
    (n, i) =>
      Math.floor(
        (n + (w.before[i] ?? 0) + (w.after[i] ?? 0) - (w.dilation[i] ?? 1) * ((w.size[i] ?? 1) - 1) - 1) /
          (w.stride[i] ?? 1),
      ) + 1,
  );
  for (const out of indices([shape[0] ?? 1, ...counts]))
    indices(w.size).forEach((tap, t) => {
      for (let c = 0; c < channels; c++) {
        const place = spatial.map(
          (_, i) => (out[i + 1] ?? 0) * (w.stride[i] ?? 1) + (tap[i] ?? 0) * (w.dilation[i] ?? 1) - (w.before[i] ?? 0),
        );
        const inside = place.every((p, i) => p >= 0 && p < (spatial[i] ?? 0));
        each([...out, t * channels + c], inside ? [out[0] ?? 0, ...place, c] : undefined);
      }
    });
  return [shape[0] ?? 1, ...counts, sizeOf(w.size) * channels];
}
const placeOf = (shape: readonly number[], index: readonly number[]): number =>
  shape.reduce((place, n, axis) => place * n + (index[axis] ?? 0), 0);

export function windowGather(x: Dense, w: WindowAttributes, padValue: number): { shape: number[]; data: number[] } {
  const data: number[] = [];
  const shape = forEachTap(x.shape, w, (_, from) => data.push(from ? at(x, from) : padValue));
  return { shape, data };
}
export function windowScatter(y: Dense, w: WindowAttributes, shape: readonly number[]): number[] {
  const sums = new Array<number>(sizeOf(shape)).fill(0);
  forEachTap(shape, w, (out, to) => {
    if (!to) return;
    const place = placeOf(shape, to);
    sums[place] = (sums[place] ?? 0) + at(y, out);
  });
  return sums;
}

/** Calls `each(place in x, place in the filters, place in y)` for every product of a convolution. */
export function forEachProduct(
  x: readonly number[],
  filters: readonly number[],
  w: WindowAttributes,
  groups: number,
  each: (x: number, filter: number, y: number) => void,
): number[] {
  const [, , perGroup = 1, out = 1] = filters;
  const channels = x[3] ?? 1;
  const gathered = forEachTap(x, w, () => {});
  const shape = [...gathered.slice(0, 3), out];
  forEachTap(x, w, (index, from) => {
    if (!from) return;
    const [b = 0, i = 0, j = 0, tapAndChannel = 0] = index;
    const c = tapAndChannel % channels;
    const tap = Math.floor(tapAndChannel / channels);
    for (let d = 0; d < out; d++)
      if (Math.floor(d / (out / groups)) === Math.floor(c / perGroup))
        each(placeOf(x, from), (tap * perGroup + (c % perGroup)) * out + d, placeOf(shape, [b, i, j, d]));
  });
  return shape;
}
