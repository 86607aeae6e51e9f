/** Uses of both poolings and of their gradients: one list of geometries, four ops. */
import type { CaseInput, HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { avgPool2dOp, avgPoolAttributes } from '../avg-pool2d/avg-pool2d.ts';
import { avgPool2dGradientOp } from '../avg-pool2d-gradient/avg-pool2d-gradient.ts';
import { maxPool2dOp } from '../max-pool2d/max-pool2d.ts';
import { maxPool2dGradientOp } from '../max-pool2d-gradient/max-pool2d-gradient.ts';
import { type PoolOptions, poolAttributes } from './pool-options.ts';
import { pairAttribute, windowAttributes, windowCount } from './window-attributes.ts';

interface Geometry extends PoolOptions {
  readonly name: string;
  readonly x: readonly [batch: number, height: number, width: number, channels: number];
  readonly values?: CaseInput['values'];
  readonly range?: CaseInput['range'];
  readonly countPadding?: boolean;
  readonly benchmark?: boolean;
}
const geometries: readonly Geometry[] = [
  { name: '1 pixel', x: [1, 1, 1, 1], size: 1 },
  { name: '2x2', x: [2, 4, 6, 3], size: 2 },
  { name: 'odd image: the last row and column are not seen', x: [1, 5, 5, 2], size: 2 },
  { name: 'overlapping 3x3 at stride 2, padded', x: [1, 7, 6, 2], size: 3, stride: 2, padding: 1 },
  { name: 'overlapping, padding counted', x: [1, 7, 6, 2], size: 3, stride: 2, padding: 1, countPadding: true },
  { name: 'stride larger than the window', x: [1, 8, 7, 2], size: 2, stride: 3 },
  { name: 'same at stride 1', x: [1, 4, 5, 3], size: 3, stride: 1, padding: 'same' },
  {
    name: 'asymmetric padding',
    x: [1, 4, 5, 1],
    size: [2, 3],
    stride: [1, 2],
    padding: { before: [1, 0], after: [0, 2] },
  },
  {
    name: 'asymmetric padding, counted',
    x: [1, 4, 5, 1],
    size: [2, 3],
    stride: [1, 2],
    padding: { before: [1, 0], after: [0, 2] },
    countPadding: true,
  },
  { name: 'all negative: padding must not win', x: [1, 4, 4, 2], size: 3, stride: 2, padding: 1, range: [-9, -1] },
  { name: 'no images', x: [0, 4, 4, 2], size: 2 },
  { name: 'LeNet s2', x: [64, 28, 28, 6], size: 2, benchmark: true },
];

function plan({ name: _, x, values: __, range: ___, countPadding = false, benchmark: ____, ...options }: Geometry) {
  const attributes = poolAttributes('pool', x, options);
  const size = pairAttribute(attributes, 'size');
  const { stride, before } = windowAttributes(attributes);
  const count = windowCount('pool', [x[1], x[2]], size, windowAttributes(attributes));
  return {
    x,
    y: [x[0], ...count, x[3]] as const,
    size,
    stride,
    before,
    attributes,
    average: avgPoolAttributes('pool', x, { ...options, countPadding }),
    countPadding,
  };
}
type Plan = ReturnType<typeof plan>;

/** Calls `visit` with the place of each output and the places of the pixels under its window, in order. */
function everyWindow(
  { x: [batch, height, width, channels], y: [, rows, columns], size, stride, before }: Plan,
  visit: (y: number, xs: readonly number[]) => void,
): void {
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let c = 0; c < channels; c++) {
          const xs: number[] = [];
          for (let u = 0; u < size[0]; u++)
            for (let v = 0; v < size[1]; v++) {
              const row = i * stride[0] + u - before[0];
              const column = j * stride[1] + v - before[1];
              if (row >= 0 && row < height && column >= 0 && column < width)
                xs.push(((b * height + row) * width + column) * channels + c);
            }
          visit(((b * rows + i) * columns + j) * channels + c, xs);
        }
}
const empty = (shape: readonly number[]): Float64Array => new Float64Array(shape.reduce((a, b) => a * b, 1));
const firstLargest = (data: ArrayLike<number>, xs: readonly number[]): number =>
  xs.reduce((best, x) => ((data[x] ?? 0) > (data[best] ?? 0) ? x : best), xs[0] ?? 0);
const input = ({ x, values = 'distinct', range }: Geometry): CaseInput => ({
  shape: x,
  ...(range ? { range } : { values }),
});
const common = (geometry: Geometry): Pick<OpCase, 'benchmark'> => (geometry.benchmark ? { benchmark: true } : {});

export const maxPool2dCases: OpCases = {
  op: maxPool2dOp,
  cases: geometries
    .filter(({ countPadding }) => !countPadding)
    .map((geometry): OpCase => {
      const p = plan(geometry);
      return {
        name: `maxPool2d: ${geometry.name}`,
        inputs: [input(geometry)],
        run: ([x]) => (x ? x.runtime.run(maxPool2dOp, [x], p.attributes) : []),
        reference([x]): readonly HostTensor[] {
          const data = empty(p.y);
          everyWindow(p, (y, xs) => {
            data[y] = Math.max(...xs.map((place) => x?.data[place] ?? 0));
          });
          return [{ shape: p.y, data }];
        },
        ...common(geometry),
      };
    }),
};

export const maxPool2dGradientCases: OpCases = {
  op: maxPool2dGradientOp,
  cases: geometries
    .filter(({ countPadding }) => !countPadding)
    .map((geometry): OpCase => {
      const p = plan(geometry);
      return {
        name: `maxPool2d gradient: ${geometry.name}`,
        inputs: [input(geometry), { shape: p.y }],
        run: ([x, dy]) => (x && dy ? x.runtime.run(maxPool2dGradientOp, [x, dy], p.attributes) : []),
        reference([x, dy]): readonly HostTensor[] {
          const data = empty(p.x);
          everyWindow(p, (y, xs) => {
            const winner = firstLargest(x?.data ?? [], xs);
            data[winner] = (data[winner] ?? 0) + (dy?.data[y] ?? 0);
          });
          return [{ shape: p.x, data }];
        },
        differentiable: [1],
        ...common(geometry),
      };
    }),
};

export const avgPool2dCases: OpCases = {
  op: avgPool2dOp,
  cases: geometries.map((geometry): OpCase => {
    const p = plan(geometry);
    return {
      name: `avgPool2d: ${geometry.name}`,
      inputs: [{ ...input(geometry), ...(geometry.range ? {} : { values: 'normal' as const }) }],
      run: ([x]) => (x ? x.runtime.run(avgPool2dOp, [x], p.average) : []),
      reference([x]): readonly HostTensor[] {
        const data = empty(p.y);
        everyWindow(p, (y, xs) => {
          data[y] =
            xs.reduce((sum, place) => sum + (x?.data[place] ?? 0), 0) /
            (p.countPadding ? p.size[0] * p.size[1] : xs.length);
        });
        return [{ shape: p.y, data }];
      },
      ...common(geometry),
    };
  }),
};

export const avgPool2dGradientCases: OpCases = {
  op: avgPool2dGradientOp,
  cases: geometries.map((geometry): OpCase => {
    const p = plan(geometry);
    return {
      name: `avgPool2d gradient: ${geometry.name}`,
      inputs: [{ shape: p.y }],
      run: ([dy]) => (dy ? dy.runtime.run(avgPool2dGradientOp, [dy], { ...p.average, spatial: [p.x[1], p.x[2]] }) : []),
      reference([dy]): readonly HostTensor[] {
        const data = empty(p.x);
        everyWindow(p, (y, xs) => {
          for (const place of xs)
            data[place] =
              (data[place] ?? 0) + (dy?.data[y] ?? 0) / (p.countPadding ? p.size[0] * p.size[1] : xs.length);
        });
        return [{ shape: p.x, data }];
      },
      ...common(geometry),
    };
  }),
};
