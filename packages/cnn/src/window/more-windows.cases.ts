/**
 * Uses of what is made of other ops: convolution and pooling over time and volumes, transposed convolution, pooling to a size,
 * resizing; each beside its formula in plain loops. Long: one table of uses.
 */
import type { HostTensor, Op, OpCase, OpCases, Shape, Tensor } from '@dendrite/spec';
import { definedOps } from '@dendrite/spec';
import { conv2dOp } from '../conv2d/conv2d.ts';
import { conv2dInputGradientOp } from '../conv2d-input-gradient/conv2d-input-gradient.ts';
import { mixRowsOp } from '../mix-rows/mix-rows.ts';
import * as ops from '../ops.ts';

const coreOp = (name: string): Op => {
  for (const op of definedOps()) if (op.name === name) return op;
  throw new Error(`no op is called ${name}`);
};
type Index = readonly number[];
const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
const indices = (shape: Shape): Index[] =>
  shape.reduce<Index[]>((all, length) => all.flatMap((i) => Array.from({ length }, (_, j) => [...i, j])), [[]]);
/** An element; 0 (or `border`) outside. */
function at({ shape, data }: HostTensor, index: Index, border = 0): number {
  if (index.some((i, axis) => i < 0 || i >= (shape[axis] ?? 0))) return border;
  return data[index.reduce((sum, i, axis) => sum * (shape[axis] ?? 1) + i, 0)] ?? Number.NaN;
}
const host = (shape: Shape, value: (index: Index) => number): HostTensor => ({
  shape,
  data: Float64Array.from(indices(shape), value),
});
const two =
  (run: (x: Tensor, filters: Tensor) => Tensor): OpCase['run'] =>
  ([x, filters]) =>
    x && filters ? run(x, filters) : [];
const one =
  (run: (x: Tensor) => Tensor): OpCase['run'] =>
  ([x]) =>
    x ? run(x) : [];

interface Windows {
  readonly size: Index;
  readonly stride: Index;
  readonly dilation: Index;
  readonly before: Index;
  readonly counts: Index;
}
/** Where tap `u` of window `o` lies. */
const placeOf = ({ stride, dilation, before }: Windows, o: Index, u: Index): Index =>
  o.map((i, axis) => i * (stride[axis] ?? 1) + (u[axis] ?? 0) * (dilation[axis] ?? 1) - (before[axis] ?? 0));

/** Convolution over any number of axes. */
function convolved(x: HostTensor, filters: HostTensor, windows: Windows, groups: number): HostTensor {
  const rank = windows.size.length;
  const [own = 0, count = 0] = filters.shape.slice(-2);
  return host([x.shape[0] ?? 0, ...windows.counts, count], (index) => {
    const d = index.at(-1) ?? 0;
    const first = Math.floor(d / (count / groups)) * own;
    let total = 0;
    for (const u of indices(windows.size))
      for (let c = 0; c < own; c++) {
        const place = placeOf(windows, index.slice(1, rank + 1), u);
        total += at(x, [index[0] ?? 0, ...place, first + c]) * at(filters, [...u, c, d]);
      }
    return total;
  });
}
/** Its transpose: each product is added where the convolution would have read. */
function transposed(x: HostTensor, filters: HostTensor, windows: Windows, spatial: Index, groups: number): HostTensor {
  const [own = 0, channels = 0] = filters.shape.slice(-2);
  const shape = [x.shape[0] ?? 0, ...spatial, own * groups];
  const data = new Float64Array(sizeOf(shape));
  for (const index of indices(x.shape)) {
    const c = index.at(-1) ?? 0;
    const first = Math.floor(c / (channels / groups)) * own;
    for (const u of indices(windows.size)) {
      const place = placeOf(windows, index.slice(1, -1), u);
      if (place.some((i, axis) => i < 0 || i >= (spatial[axis] ?? 0))) continue;
      for (let d = 0; d < own; d++) {
        const to = [index[0] ?? 0, ...place, first + d].reduce((sum, i, axis) => sum * (shape[axis] ?? 1) + i, 0);
        data[to] = (data[to] ?? 0) + at(x, index) * at(filters, [...u, d, c]);
      }
    }
  }
  return { shape, data };
}
/** What each window holds of what is there. */
const pooled = (x: HostTensor, windows: Windows, join: (values: number[]) => number): HostTensor =>
  host([x.shape[0] ?? 0, ...windows.counts, x.shape.at(-1) ?? 0], (index) => {
    const places = indices(windows.size).map((u) => placeOf(windows, index.slice(1, -1), u));
    const inside = places.filter((p) => p.every((i, axis) => i >= 0 && i < (x.shape[axis + 1] ?? 0)));
    return join(inside.map((p) => at(x, [index[0] ?? 0, ...p, index.at(-1) ?? 0])));
  });
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const plain = (size: Index, counts: Index, more: Partial<Windows> = {}): Windows => ({
  size,
  counts,
  stride: size.map(() => 1),
  dilation: size.map(() => 1),
  before: size.map(() => 0),
  ...more,
});

const convolution = (
  name: string,
  x: Shape,
  filters: Shape,
  run: (x: Tensor, filters: Tensor) => Tensor,
  windows: Windows,
  groups = 1,
): OpCase => ({
  name,
  inputs: [{ shape: x }, { shape: filters }],
  run: two(run),
  reference: ([values, weights]) => (values && weights ? [convolved(values, weights, windows, groups)] : []),
});

export const conv1dCases: OpCases = {
  op: conv2dOp,
  cases: [
    convolution('conv1d: valid', [2, 7, 3], [3, 3, 4], (x, w) => ops.conv1d(x, w), plain([3], [5])),
    convolution(
      'conv1d: causal and dilated',
      [1, 6, 2],
      [3, 2, 2],
      (x, w) => ops.conv1d(x, w, { padding: 'causal', dilation: 2 }),
      plain([3], [6], { dilation: [2], before: [4] }),
    ),
    convolution(
      'conv1d: same at stride 2, two groups',
      [1, 7, 4],
      [4, 2, 2],
      (x, w) => ops.conv1d(x, w, { padding: 'same', stride: 2, groups: 2 }),
      plain([4], [4], { stride: [2], before: [1] }),
      2,
    ),
    convolution('conv1d: no sequences', [0, 5, 1], [2, 1, 1], (x, w) => ops.conv1d(x, w), plain([2], [4])),
  ],
};

export const conv3dCases: OpCases = {
  op: conv2dOp,
  cases: [
    convolution(
      'conv3d: valid',
      [1, 3, 4, 3, 2],
      [2, 3, 2, 2, 3],
      (x, w) => ops.conv3d(x, w),
      plain([2, 3, 2], [2, 2, 2]),
    ),
    convolution(
      'conv3d: strides, dilation, padding, two groups',
      [1, 4, 5, 3, 2],
      [2, 2, 1, 1, 4],
      (x, w) => ops.conv3d(x, w, { stride: [1, 2, 1], dilation: [2, 1, 1], padding: [1, 0, 0], groups: 2 }),
      plain([2, 2, 1], [4, 2, 3], { stride: [1, 2, 1], dilation: [2, 1, 1], before: [1, 0, 0] }),
      2,
    ),
  ],
};

const transposition = (
  name: string,
  x: Shape,
  filters: Shape,
  run: (x: Tensor, filters: Tensor) => Tensor,
  windows: Windows,
  spatial: Index,
  groups = 1,
): OpCase => ({
  name,
  inputs: [{ shape: x }, { shape: filters }],
  run: two(run),
  reference: ([values, weights]) => (values && weights ? [transposed(values, weights, windows, spatial, groups)] : []),
});

export const convTransposeCases: OpCases = {
  op: conv2dInputGradientOp,
  cases: [
    transposition(
      'convTranspose2d: valid',
      [2, 3, 2, 3],
      [2, 3, 2, 3],
      (x, w) => ops.convTranspose2d(x, w),
      plain([2, 3], []),
      [4, 4],
    ),
    transposition(
      'convTranspose2d: stride 2, padded, one row more',
      [1, 3, 2, 2],
      [3, 3, 3, 2],
      (x, w) => ops.convTranspose2d(x, w, { stride: 2, padding: 1, outputPadding: [1, 0] }),
      plain([3, 3], [], { stride: [2, 2], before: [1, 1] }),
      [6, 3],
    ),
    transposition(
      'convTranspose2d: same doubles, whatever the filter',
      [1, 2, 3, 1],
      [1, 4, 2, 1],
      (x, w) => ops.convTranspose2d(x, w, { stride: 2, padding: 'same' }),
      plain([1, 4], [], { stride: [2, 2], before: [0, 1] }),
      [4, 6],
    ),
    transposition(
      'convTranspose2d: dilated, two groups',
      [1, 3, 3, 4],
      [2, 2, 1, 4],
      (x, w) => ops.convTranspose2d(x, w, { dilation: 2, groups: 2 }),
      plain([2, 2], [], { dilation: [2, 2] }),
      [5, 5],
      2,
    ),
    transposition(
      'convTranspose1d: stride 3 over a window of 2: gaps',
      [2, 3, 2],
      [2, 2, 2],
      (x, w) => ops.convTranspose1d(x, w, { stride: 3, padding: { before: 0, after: 1 } }),
      plain([2], [], { stride: [3] }),
      [7],
    ),
  ],
};

const pooling = (
  name: string,
  x: Shape,
  run: (x: Tensor) => Tensor,
  reference: (x: HostTensor) => HostTensor,
): OpCase => ({
  name,
  inputs: [{ shape: x, values: 'distinct' }],
  run: one(run),
  reference: ([values]) => (values ? [reference(values)] : []),
});
const largest = (values: number[]): number => Math.max(...values);
/** Windows ⌊i · length / count⌋ … ⌈(i + 1) · length / count⌉ on both axes. */
const adaptive = (x: HostTensor, counts: Index, join: (values: number[]) => number): HostTensor =>
  host([x.shape[0] ?? 0, ...counts, x.shape[3] ?? 0], ([b = 0, i = 0, j = 0, c = 0]) => {
    const [rows, columns] = [i, j].map((place, axis) => {
      const [length, count] = [x.shape[axis + 1] ?? 0, counts[axis] ?? 1];
      const from = Math.floor((place * length) / count);
      return Array.from({ length: Math.ceil(((place + 1) * length) / count) - from }, (_, n) => from + n);
    });
    return join((rows ?? []).flatMap((row) => (columns ?? []).map((column) => at(x, [b, row, column, c]))));
  });
/** A line through the two places around, held at the ends. */
function bilinear(x: HostTensor, [rows = 0, columns = 0]: Index, alignCorners: boolean): HostTensor {
  const place = (i: number, axis: 1 | 2, count: number): number => {
    const length = x.shape[axis] ?? 0;
    if (alignCorners) return count === 1 ? 0 : (i * (length - 1)) / (count - 1);
    return Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / count - 0.5));
  };
  return host([x.shape[0] ?? 0, rows, columns, x.shape[3] ?? 0], ([b = 0, i = 0, j = 0, c = 0]) => {
    const [v, h] = [place(i, 1, rows), place(j, 2, columns)];
    const [top, left] = [Math.floor(v), Math.floor(h)];
    const below = Math.min(top + 1, (x.shape[1] ?? 0) - 1);
    const right = Math.min(left + 1, (x.shape[2] ?? 0) - 1);
    const row = (r: number): number => (1 - (h - left)) * at(x, [b, r, left, c]) + (h - left) * at(x, [b, r, right, c]);
    return (1 - (v - top)) * row(top) + (v - top) * row(below);
  });
}

export const maxPoolOtherCases: OpCases = {
  op: coreOp('core/reduce'),
  cases: [
    pooling(
      'maxPool1d: overlapping, padded',
      [2, 7, 2],
      (x) => ops.maxPool1d(x, { size: 3, stride: 2, padding: 1 }),
      (x) => pooled(x, plain([3], [4], { stride: [2], before: [1] }), largest),
    ),
    pooling(
      'maxPool3d: same',
      [1, 3, 4, 3, 2],
      (x) => ops.maxPool3d(x, { size: 2, padding: 'same' }),
      (x) => pooled(x, plain([2, 2, 2], [2, 2, 2], { stride: [2, 2, 2] }), largest),
    ),
    pooling(
      'adaptiveMaxPool2d: overlapping windows',
      [1, 5, 4, 2],
      (x) => ops.adaptiveMaxPool2d(x, [3, 2]),
      (x) => adaptive(x, [3, 2], largest),
    ),
  ],
};

export const avgPoolOtherCases: OpCases = {
  op: coreOp('core/mul'),
  cases: [
    pooling(
      'avgPool1d: padded, what is there',
      [2, 7, 2],
      (x) => ops.avgPool1d(x, { size: 3, stride: 2, padding: 1 }),
      (x) => pooled(x, plain([3], [4], { stride: [2], before: [1] }), mean),
    ),
    pooling(
      'avgPool3d: padded, what is there',
      [1, 3, 4, 3, 2],
      (x) => ops.avgPool3d(x, { size: [2, 2, 3], stride: [2, 2, 2], padding: [1, 0, 1] }),
      (x) => pooled(x, plain([2, 2, 3], [2, 2, 2], { stride: [2, 2, 2], before: [1, 0, 1] }), mean),
    ),
    pooling(
      'avgPool3d: padding counted',
      [1, 3, 4, 3, 1],
      (x) => ops.avgPool3d(x, { size: 2, padding: 1, countPadding: true }),
      (x) =>
        pooled(x, plain([2, 2, 2], [2, 3, 2], { stride: [2, 2, 2], before: [1, 1, 1] }), (values) =>
          values.reduce((a, b) => a + b / 8, 0),
        ),
    ),
    pooling(
      'adaptiveAvgPool2d: overlapping windows',
      [2, 5, 4, 2],
      (x) => ops.adaptiveAvgPool2d(x, [3, 3]),
      (x) => adaptive(x, [3, 3], mean),
    ),
    pooling(
      'adaptiveAvgPool2d: more than there are',
      [1, 2, 3, 1],
      (x) => ops.adaptiveAvgPool2d(x, [3, 3]),
      (x) => adaptive(x, [3, 3], mean),
    ),
  ],
};

export const resizeCases: OpCases = {
  op: mixRowsOp,
  cases: [
    pooling(
      'resize2d: nearest, larger and smaller',
      [1, 3, 4, 2],
      (x) => ops.resize2d(x, { size: [5, 3] }),
      (x) =>
        host([1, 5, 3, 2], ([b = 0, i = 0, j = 0, c = 0]) =>
          at(x, [b, Math.floor((i * 3) / 5), Math.floor((j * 4) / 3), c]),
        ),
    ),
    pooling(
      'resize2d: bilinear, twice as large',
      [1, 2, 3, 2],
      (x) => ops.resize2d(x, { scale: 2, method: 'bilinear' }),
      (x) => bilinear(x, [4, 6], false),
    ),
    pooling(
      'resize2d: bilinear, smaller',
      [1, 5, 4, 1],
      (x) => ops.resize2d(x, { size: [2, 3], method: 'bilinear' }),
      (x) => bilinear(x, [2, 3], false),
    ),
    pooling(
      'resize2d: bilinear, corners on corners',
      [1, 3, 4, 1],
      (x) => ops.resize2d(x, { size: [5, 1], method: 'bilinear', alignCorners: true }),
      (x) => bilinear(x, [5, 1], true),
    ),
  ],
};
