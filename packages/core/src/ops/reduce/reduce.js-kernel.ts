/**
 * Reference reduction. Sums are taken in float64 over blocks of 4,096 and the blocks joined as a binary tree, by length alone,
 * so that a value's bits depend on nothing but the elements that are added.
 */
import type { HostArray, JsKernel, JsRoutine, Shape } from '@dendrite/spec';
import { moveOn, shapeOf, sizeOf, stridesOf } from '../strides.ts';

const block = 4096;

export const reduceKernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], attributes }): JsRoutine => {
    const shape = shapeOf(x);
    const axes = attributes.axes as readonly number[];
    const strides = stridesOf(shape);
    const outerAxes = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const outer = outerAxes.map((axis) => shape[axis] as number);
    const outerStrides = outerAxes.map((axis) => strides[axis] as number);
    const inner = axes.map((axis) => shape[axis] as number);
    const innerStrides = axes.map((axis) => strides[axis] as number);
    const n = sizeOf(inner);
    const count = sizeOf(outer);
    const lead = axes.every((axis, i) => axis === i);
    const kind = attributes.kind as 'sum' | 'prod' | 'max' | 'min';
    const integer = x?.dtype === 'int32';
    if (kind === 'sum' && lead && n > 0 && n <= block && !integer)
      return ([to], [from]) => sumRows(to as HostArray, from as HostArray, n, count);
    const join = joins[kind];
    // Neighbouring axes are evenly spaced elements; others go by a table of offsets.
    const even = axes.every((axis, i) => i === 0 || axis === (axes[i - 1] as number) + 1);
    const step = even && axes.length > 0 ? (innerStrides.at(-1) as number) : 0;
    const offsets = step === 0 && n * count > 0 ? innerOffsets(inner, innerStrides) : new Int32Array(0);
    const index = new Array<number>(outer.length).fill(0);
    return ([to], [from]) => {
      index.fill(0);
      let at = 0;
      for (let o = 0; o < count; o++) {
        (to as HostArray)[o] = join(from as HostArray, at, n, offsets, step);
        at += moveOn(index, outer, outerStrides, outer.length);
      }
    };
  },
};

/** Leading axes are summed: rows are added one after another, which reads memory in order. */
function sumRows(to: HostArray, from: HostArray, rows: number, width: number): void {
  const totals = new Float64Array(width);
  for (let row = 0, at = 0; row < rows; row++)
    for (let j = 0; j < width; j++) totals[j] = (totals[j] as number) + (from[at++] as number);
  for (let j = 0; j < width; j++) to[j] = totals[j] as number;
}

function innerOffsets(shape: Shape, strides: readonly number[]): Int32Array {
  let offsets = new Int32Array(1);
  shape.forEach((length, axis) => {
    const next = new Int32Array(offsets.length * length);
    let i = 0;
    for (const base of offsets) for (let j = 0; j < length; j++) next[i++] = base + j * (strides[axis] as number);
    offsets = next;
  });
  return offsets;
}

type Join = (from: HostArray, at: number, n: number, offsets: Int32Array, step: number) => number;

const sum: Join = (from, at, n, offsets, step) => {
  if (n <= block) return sumBlock(from, at, 0, n, offsets, step);
  let parts: number[] = [];
  for (let begin = 0; begin < n; begin += block)
    parts.push(sumBlock(from, at, begin, Math.min(n, begin + block), offsets, step));
  while (parts.length > 1)
    parts = Array.from(
      { length: Math.ceil(parts.length / 2) },
      (_, i) => (parts[2 * i] as number) + (parts[2 * i + 1] ?? 0),
    );
  return parts[0] as number;
};

function sumBlock(from: HostArray, at: number, begin: number, end: number, offsets: Int32Array, step: number): number {
  let total = 0;
  if (step > 0) for (let i = begin, p = at + begin * step; i < end; i++, p += step) total += from[p] as number;
  else for (let i = begin; i < end; i++) total += from[at + (offsets[i] as number)] as number;
  return total;
}

const joins: Readonly<Record<'sum' | 'prod' | 'max' | 'min', Join>> = {
  sum,
  prod: (from, at, n, offsets, step) => {
    let total = 1;
    for (let i = 0; i < n; i++) total *= from[at + (step > 0 ? i * step : (offsets[i] as number))] as number;
    return total;
  },
  max: (from, at, n, offsets, step) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const value = from[at + (step > 0 ? i * step : (offsets[i] as number))] as number;
      if (!(value <= best)) best = value; // also when value is NaN
      if (Number.isNaN(value)) break;
    }
    return best;
  },
  min: (from, at, n, offsets, step) => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const value = from[at + (step > 0 ? i * step : (offsets[i] as number))] as number;
      if (!(value >= best)) best = value;
      if (Number.isNaN(value)) break;
    }
    return best;
  },
};
