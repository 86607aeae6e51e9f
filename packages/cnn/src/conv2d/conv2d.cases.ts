/** Uses of the convolution and of its two gradients: one list of geometries, three ops. */
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { conv2dFilterGradientOp } from '../conv2d-filter-gradient/conv2d-filter-gradient.ts';
import { conv2dInputGradientOp } from '../conv2d-input-gradient/conv2d-input-gradient.ts';
import type { Both } from '../window/padding.ts';
import { windowAttributes, windowCount } from '../window/window-attributes.ts';
import { type Conv2dOpOptions, conv2dAttributes, conv2dOp } from './conv2d.ts';

interface Geometry extends Conv2dOpOptions {
  readonly name: string;
  readonly x: readonly [batch: number, height: number, width: number, channels: number];
  /** Height, width, and how many. */
  readonly filters: readonly [height: number, width: number, count: number];
  readonly benchmark?: boolean;
}

const geometries: readonly Geometry[] = [
  { name: '1 pixel, 1 tap', x: [1, 1, 1, 1], filters: [1, 1, 1] },
  { name: 'valid 3x3', x: [2, 5, 6, 3], filters: [3, 3, 4] },
  { name: 'same 3x3, odd counts', x: [1, 5, 7, 2], filters: [3, 3, 5], padding: 'same' },
  { name: 'same with an even filter: the odd row is behind', x: [2, 5, 5, 1], filters: [2, 4, 3], padding: 'same' },
  { name: 'same at stride 2', x: [1, 6, 5, 2], filters: [3, 3, 3], padding: 'same', stride: 2 },
  { name: 'stride 3 over a 2x2 window: pixels nobody sees', x: [1, 8, 7, 2], filters: [2, 2, 3], stride: 3 },
  { name: 'two strides', x: [1, 6, 9, 2], filters: [2, 3, 2], stride: [1, 2] },
  { name: 'asymmetric padding', x: [1, 4, 4, 2], filters: [3, 3, 2], padding: { before: [2, 0], after: [0, 1] } },
  { name: 'padding as large as the filter', x: [1, 3, 3, 1], filters: [2, 2, 2], padding: 2 },
  {
    name: 'a line above one line of pixels: nobody sees them',
    x: [1, 1, 4, 1],
    filters: [1, 1, 1],
    padding: [1, 0],
    stride: [3, 1],
  },
  { name: 'dilation 2', x: [1, 7, 8, 2], filters: [3, 2, 3], dilation: 2 },
  {
    name: 'dilation 3 and 1, stride 2, same',
    x: [1, 9, 6, 1],
    filters: [3, 3, 2],
    dilation: [3, 1],
    stride: 2,
    padding: 'same',
  },
  { name: 'two groups', x: [2, 5, 4, 4], filters: [3, 3, 6], groups: 2 },
  { name: 'depthwise', x: [1, 5, 5, 3], filters: [3, 3, 3], groups: 3, padding: 1 },
  { name: 'depthwise, two filters a channel', x: [1, 4, 5, 3], filters: [2, 2, 6], groups: 3 },
  { name: '1x1 over 5 channels', x: [2, 3, 3, 5], filters: [1, 1, 7] },
  { name: 'two channels, odd filters, wide lines', x: [1, 4, 11, 2], filters: [2, 3, 7], padding: 'same' },
  { name: 'many filters', x: [1, 4, 5, 8], filters: [2, 2, 25], padding: 'same' },
  { name: 'a filter of many rows', x: [1, 10, 3, 2], filters: [9, 1, 3] },
  { name: 'groups with dilation', x: [1, 6, 7, 4], filters: [2, 2, 6], groups: 2, dilation: [1, 3] },
  {
    name: 'depthwise with stride and dilation',
    x: [2, 7, 8, 5],
    filters: [2, 3, 5],
    groups: 5,
    stride: 2,
    dilation: [2, 1],
  },
  { name: 'no images', x: [0, 4, 4, 2], filters: [3, 3, 2] },
  { name: 'more positions than a block', x: [1, 24, 24, 1], filters: [3, 3, 1] },
  { name: 'LeNet c1', x: [64, 28, 28, 1], filters: [5, 5, 6], padding: 'same', benchmark: true },
  { name: 'LeNet c2', x: [64, 14, 14, 6], filters: [5, 5, 16], benchmark: true },
];

/** Shapes of one geometry, and its attributes. */
function plan({ name: _, x, filters: [height, width, count], benchmark: __, ...options }: Geometry) {
  const attributes = conv2dAttributes('conv2d', x, [height, width], options);
  const windows = windowAttributes(attributes);
  const spatial = windowCount('conv2d()', [x[1], x[2]], [height, width], windows);
  const groups = Number(attributes.groups);
  return {
    x,
    filters: [height, width, x[3] / groups, count] as const,
    dy: [x[0], ...spatial, count] as const,
    attributes,
    windows,
    groups,
  };
}
type Plan = ReturnType<typeof plan>;

/** Calls `visit` with the flat places of every product of the convolution. */
function everyProduct(
  { x, filters, dy, windows: { stride, dilation, before }, groups }: Plan,
  visit: (x: number, filter: number, y: number) => void,
): void {
  const [batch, height, width, channels] = x;
  const [filterHeight, filterWidth, groupIn, outChannels] = filters;
  const [, outHeight, outWidth] = dy;
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < outHeight; i++)
      for (let j = 0; j < outWidth; j++)
        for (let d = 0; d < outChannels; d++)
          for (let u = 0; u < filterHeight; u++)
            for (let v = 0; v < filterWidth; v++)
              for (let c = 0; c < groupIn; c++) {
                const row = i * stride[0] + u * dilation[0] - before[0];
                const column = j * stride[1] + v * dilation[1] - before[1];
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                const channel = Math.floor(d / (outChannels / groups)) * groupIn + c;
                visit(
                  ((b * height + row) * width + column) * channels + channel,
                  ((u * filterWidth + v) * groupIn + c) * outChannels + d,
                  ((b * outHeight + i) * outWidth + j) * outChannels + d,
                );
              }
}
function loops(
  geometry: Plan,
  kind: 'y' | 'x' | 'filters',
  [first, second]: readonly HostTensor[],
): readonly HostTensor[] {
  const shape: readonly number[] = kind === 'y' ? geometry.dy : kind === 'x' ? geometry.x : geometry.filters;
  const data = new Float64Array(shape.reduce((a, b) => a * b, 1));
  const [a, b] = [first?.data ?? [], second?.data ?? []];
  everyProduct(geometry, (x, filter, y) => {
    if (kind === 'y') data[y] = (data[y] ?? 0) + (a[x] ?? 0) * (b[filter] ?? 0);
    else if (kind === 'x') data[x] = (data[x] ?? 0) + (a[y] ?? 0) * (b[filter] ?? 0);
    else data[filter] = (data[filter] ?? 0) + (a[x] ?? 0) * (b[y] ?? 0);
  });
  return [{ shape, data }];
}
const benchmarkOf = (geometry: Geometry): Pick<OpCase, 'benchmark'> => (geometry.benchmark ? { benchmark: true } : {});

export const conv2dCases: OpCases = {
  op: conv2dOp,
  cases: geometries.map((geometry): OpCase => {
    const p = plan(geometry);
    return {
      name: `conv2d: ${geometry.name}`,
      inputs: [{ shape: p.x }, { shape: p.filters }],
      run: ([x, filters]) => (x && filters ? x.runtime.run(conv2dOp, [x, filters], p.attributes) : []),
      reference: (inputs) => loops(p, 'y', inputs),
      tolerance: 1e-5,
      ...benchmarkOf(geometry),
    };
  }),
};

export const conv2dInputGradientCases: OpCases = {
  op: conv2dInputGradientOp,
  cases: geometries.map((geometry): OpCase => {
    const p = plan(geometry);
    const spatial: Both = [p.x[1], p.x[2]];
    return {
      name: `conv2d input gradient: ${geometry.name}`,
      inputs: [{ shape: p.dy }, { shape: p.filters }],
      run: ([dy, filters]) =>
        dy && filters ? dy.runtime.run(conv2dInputGradientOp, [dy, filters], { ...p.attributes, spatial }) : [],
      reference: (inputs) => loops(p, 'x', inputs),
      tolerance: 1e-5,
      ...benchmarkOf(geometry),
    };
  }),
};

export const conv2dFilterGradientCases: OpCases = {
  op: conv2dFilterGradientOp,
  cases: geometries.map((geometry): OpCase => {
    const p = plan(geometry);
    const size: Both = [p.filters[0], p.filters[1]];
    return {
      name: `conv2d filter gradient: ${geometry.name}`,
      inputs: [{ shape: p.x }, { shape: p.dy }],
      run: ([x, dy]) => (x && dy ? x.runtime.run(conv2dFilterGradientOp, [x, dy], { ...p.attributes, size }) : []),
      reference: (inputs) => loops(p, 'filters', inputs),
      tolerance: 1e-5,
      ...benchmarkOf(geometry),
    };
  }),
};
