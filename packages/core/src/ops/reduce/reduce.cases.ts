/** Uses of reductions: every set of axes, nothing, ties, zeros in products, all-negative maxima, whole numbers. */
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { at, host, indices, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { all, any, logSumExp, max, mean, min, prod, type ReduceOptions, sum, variance } from './reduce.ts';

/** Joins the elements along `axes`. */
const along = (join: (values: readonly number[]) => number, { axes, keepDims = false }: ReduceOptions = {}) =>
  ofOne((x: HostTensor): HostTensor => {
    const rank = x.shape.length;
    const reduced = new Set(
      (axes === undefined ? x.shape.map((_, axis) => axis) : [axes].flat()).map((axis) => (axis + rank) % rank),
    );
    const group = (index: readonly number[]): number[] =>
      indices(x.shape.map((length, axis) => (reduced.has(axis) ? length : 1))).map((inner) =>
        at(
          x,
          inner.map((i, axis) => (reduced.has(axis) ? i : (index[axis] as number))),
        ),
      );
    const kept = host(
      x.shape.map((length, axis) => (reduced.has(axis) ? 1 : length)),
      (index) => join(group(index)),
    );
    return keepDims ? kept : { shape: x.shape.filter((_, axis) => !reduced.has(axis)), data: kept.data };
  });

const add = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
const multiply = (values: readonly number[]): number => values.reduce((total, x) => total * x, 1);
const average = (values: readonly number[]): number => add(values) / values.length;
const spread =
  (correction: number) =>
  (values: readonly number[]): number =>
    add(values.map((x) => (x - average(values)) ** 2)) / (values.length - correction);
/** ln Σ eˣ with the largest taken out; infinite where that is. */
const logAdd = (values: readonly number[]): number => {
  const top = Math.max(...values);
  return Number.isFinite(top) ? top + Math.log(add(values.map((x) => Math.exp(x - top)))) : top;
};

type Form = readonly [name: string, shape: readonly number[], options: ReduceOptions];
const forms: readonly Form[] = [
  ['a scalar', [], {}],
  ['all of 1', [1], {}],
  ['all of 33', [33], {}],
  ['the last axis', [3, 5], { axes: -1 }],
  ['the first axis', [5, 3], { axes: 0 }],
  ['a middle axis, kept', [2, 3, 4], { axes: 1, keepDims: true }],
  ['axes apart', [2, 3, 4, 2], { axes: [0, 2] }],
  ['neighbours behind', [2, 3, 4], { axes: [1, 2] }],
  ['neighbours between others', [2, 3, 5, 37], { axes: [1, 2] }],
  ['no axis', [2, 3], { axes: [] }],
  ['all kept', [2, 3], { keepDims: true }],
];
const empties: readonly Form[] = [
  ['nothing at all', [0], {}],
  ['nothing along the axis', [2, 0], { axes: 1 }],
  ['nothing beside the axis', [0, 3], { axes: 1 }],
];
const casesOf = (
  run: (x: Parameters<typeof sum>[0], options: ReduceOptions) => ReturnType<typeof sum>,
  join: (values: readonly number[]) => number,
  which: readonly Form[],
  values: 'normal' | 'distinct' = 'normal',
): OpCase[] =>
  which.map(([name, shape, options]) => ({
    name,
    inputs: [{ shape, values }],
    run: one((x) => run(x, options)),
    reference: along(join, options),
  }));
const named = (name: string, cases: readonly OpCase[]): OpCase[] =>
  cases.map((each) => ({ ...each, name: `${name}: ${each.name}` }));

const op = opNamed('core/reduce');
export const sumCases: OpCases = {
  op,
  cases: named('sum', [
    ...casesOf(sum, add, [...forms, ...empties]),
    {
      name: 'more than a block',
      inputs: [{ shape: [3, 5000] }],
      run: one((x) => sum(x, { axes: 1 })),
      reference: along(add, { axes: 1 }),
    },
    {
      name: 'a long column',
      inputs: [{ shape: [5000, 2] }],
      run: one((x) => sum(x, { axes: 0 })),
      reference: along(add, { axes: 0 }),
    },
    {
      name: 'long columns between others',
      inputs: [{ shape: [2, 5000, 3] }],
      run: one((x) => sum(x, { axes: 1 })),
      reference: along(add, { axes: 1 }),
    },
    {
      name: 'int32 wraps',
      inputs: [{ shape: [3], dtype: 'int32', values: [2 ** 31 - 1, 1, 5] }],
      run: one((x) => sum(x)),
      reference: along((values) => add(values) | 0),
    },
    { name: 'large and regular', inputs: [{ shape: [256, 1024] }], run: one((x) => sum(x)), benchmark: true },
  ]),
};
export const productCases: OpCases = {
  op,
  cases: named('prod', [
    ...casesOf(prod, multiply, [...forms.filter(([, shape]) => shape[0] !== 33), ...empties]),
    {
      name: 'one zero, two zeros, none',
      inputs: [{ shape: [3, 3], values: [2, 0, 3, 0, 5, 0, 1, -2, 4] }],
      run: one((x) => prod(x, { axes: 1 })),
      reference: along(multiply, { axes: 1 }),
    },
    {
      name: 'zeros over two axes apart',
      inputs: [{ shape: [2, 2, 2], values: [0, 1, 2, 3, 4, 5, 6, 0] }],
      run: one((x) => prod(x, { axes: [0, 2] })),
      reference: along(multiply, { axes: [0, 2] }),
    },
    {
      name: 'int32',
      inputs: [{ shape: [4], dtype: 'int32', values: [-2, 3, 5, 7] }],
      run: one((x) => prod(x)),
      reference: along(multiply),
    },
  ]),
};
const extremes = (name: 'max' | 'min', run: typeof max, best: (...values: number[]) => number): OpCase[] =>
  named(name, [
    ...casesOf(run, (values) => best(...values), [...forms, ...empties], 'distinct'),
    {
      name: 'all negative',
      inputs: [{ shape: [2, 3], values: [-5, -2, -9, -1, -3, -4] }],
      run: one((x) => run(x, { axes: 1 })),
      reference: along((values) => best(...values), { axes: 1 }),
    },
    {
      name: 'ties',
      inputs: [{ shape: [2, 3], values: [1, 4, 4, 2, 2, 2] }],
      run: one((x) => run(x, { axes: 1 })),
      reference: along((values) => best(...values), { axes: 1 }),
      differentiable: [],
    },
    {
      name: 'infinities',
      inputs: [{ shape: [2], values: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }],
      run: one((x) => run(x)),
      reference: along((values) => best(...values)),
      differentiable: [],
    },
    {
      name: 'int32',
      inputs: [{ shape: [2, 2], dtype: 'int32', values: [-2, -3, 5, 7] }],
      run: one((x) => run(x, { axes: 0 })),
      reference: along((values) => best(...values), { axes: 0 }),
    },
  ]);
export const extremeCases: OpCases = {
  op,
  cases: [...extremes('max', max, Math.max), ...extremes('min', min, Math.min)],
};

export const momentCases: OpCases = {
  op,
  cases: [
    ...named('mean', casesOf(mean, average, [...forms, ...empties])),
    ...named('variance', casesOf(variance, spread(0), forms)),
    {
      name: 'variance: of a sample',
      inputs: [{ shape: [3, 5] }],
      run: one((x) => variance(x, { axes: 1, correction: 1 })),
      reference: along(spread(1), { axes: 1 }),
    },
    {
      name: 'variance: far from zero (two passes)',
      inputs: [{ shape: [5], range: [4000, 4001] }],
      run: one((x) => variance(x)),
      reference: along(spread(0)),
      tolerance: 1e-3,
    },
    ...named('logSumExp', casesOf(logSumExp, logAdd, [...forms, ...empties])),
    {
      name: 'logSumExp: no overflow',
      inputs: [{ shape: [2, 3], values: [1000, 1001, 999, -1000, -1001, -1002] }],
      run: one((x) => logSumExp(x, { axes: 1 })),
      reference: along(logAdd, { axes: 1 }),
      differentiable: [],
    },
    {
      name: 'logSumExp: −∞ alone',
      inputs: [{ shape: [2], values: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY] }],
      run: one((x) => logSumExp(x)),
      reference: along(logAdd),
      differentiable: [],
    },
  ],
};

const truth = (name: string, run: typeof any, join: (values: readonly number[]) => number): OpCase[] =>
  [
    { name: 'rows', shape: [4, 2], values: [0, 0, 0, 1, 1, 0, 1, 1], options: { axes: 1 } },
    { name: 'all', shape: [3], values: [0, 1, 0], options: {} },
    { name: 'nothing', shape: [2, 0], values: [], options: { axes: 1 } },
    { name: 'a scalar, kept', shape: [], values: [1], options: { keepDims: true } },
  ].map((each) => ({
    name: `${name}: ${each.name}`,
    inputs: [{ shape: each.shape, dtype: 'bool', values: each.values }],
    run: one((x) => run(x, each.options)),
    reference: along(join, each.options),
  }));
export const truthCases: OpCases = {
  op,
  cases: [
    ...truth('any', any, (values) => Number(values.some(Boolean))),
    ...truth('all', all, (values) => Number(values.every(Boolean))),
  ],
};
