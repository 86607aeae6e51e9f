/** Uses of order along an axis: values, and where they were. */
import type { CaseInput, HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { at, host, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { argSort, sort } from './sort.ts';

/** Rows by insertion: an element moves before those that must come after it, so equal ones keep their order. NaN is last. */
function sorted({ shape, data }: HostTensor, descending: boolean): HostTensor[] {
  const length = shape.at(-1) ?? 1;
  const order: number[] = [];
  for (let at = 0; at < data.length; at += length) {
    const row: number[] = [];
    for (let i = 0; i < length; i++) {
      const value = data[at + i] as number;
      const after = (other: number): boolean =>
        !Number.isNaN(value) && (Number.isNaN(other) || (descending ? other < value : other > value));
      let place = row.length;
      while (place > 0 && after(data[at + (row[place - 1] as number)] as number)) place--;
      row.splice(place, 0, i);
    }
    order.push(...row);
  }
  return [
    { shape, data: order.map((i, n) => data[n - (n % length) + i] as number) },
    { shape, data: order },
  ];
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const waves = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round(7 * Math.sin(i * 1.7)) || (i % 2 === 0 ? 0 : -0));

const inputs: readonly (readonly [name: string, input: CaseInput])[] = [
  ['1', { shape: [1] }],
  ['3', { shape: [3], values: 'distinct' }],
  ['33', { shape: [33], values: 'distinct' }],
  ['nothing', { shape: [0] }],
  ['rows of nothing', { shape: [2, 0] }],
  ['rows', { shape: [3, 5], values: 'distinct' }],
  ['rank 4', { shape: [2, 1, 2, 3], values: 'distinct' }],
  ['a scalar', { shape: [] }],
  ['ties keep their order', { shape: [2, 5], values: [2, 1, 2, 1, 2, 0, 0, 0, 0, 0] }],
  ['NaN last', { shape: [6], values: [3, nan, -1, nan, 2, 0] }],
  ['infinities', { shape: [4], values: [inf, 0, -inf, nan] }],
  ['ties among 70, zeros of both signs', { shape: [2, 70], values: waves(140) }],
  [
    'NaN and infinities among 257',
    {
      shape: [257],
      values: waves(257).map((x, i) =>
        i % 50 === 7 ? nan : i % 41 === 3 ? inf : i % 43 === 5 ? -inf : x * 1e3 ** ((i % 7) - 3),
      ),
    },
  ],
  ['70 without ties', { shape: [70], values: 'distinct' }],
  ['int32', { shape: [2, 4], dtype: 'int32', values: [3, -1, 3, 0, 2147483647, -2147483648, 0, 1] }],
];
/** Axis 0 of a matrix by way of its rows turned. */
const alongFirst = (x: HostTensor, descending: boolean): HostTensor[] => {
  const [rows = 0, columns = 0] = x.shape;
  const turned = host([columns, rows], ([i = 0, j = 0]) => at(x, [j, i]));
  return sorted(turned, descending).map((each) => host([rows, columns], ([i = 0, j = 0]) => at(each, [j, i])));
};
const others: readonly OpCase[] = [
  {
    name: 'the first axis',
    inputs: [{ shape: [4, 3], values: 'distinct' }],
    run: one((x) => {
      const { values, indices } = sort(x, { axis: 0, descending: true });
      return [values, indices];
    }),
    reference: ([x]) => (x ? alongFirst(x, true) : []),
  },
  {
    name: 'argSort',
    inputs: [{ shape: [3, 4], values: 'distinct' }],
    run: one((x) => argSort(x)),
    reference: ([x]) => (x ? sorted(x, false).slice(1) : []),
    differentiable: [],
  },
];

export const sortCases: OpCases = {
  op: opNamed('core/sort'),
  cases: [
    ...[false, true].flatMap((descending) =>
      inputs.map(
        ([name, input]): OpCase => ({
          name: `${descending ? 'descending' : 'ascending'}: ${name}`,
          inputs: [input],
          run: one((x) => {
            const { values, indices } = sort(x, descending ? { descending } : {});
            return [values, indices];
          }),
          reference: ([x]) => (x ? sorted(x, descending) : []),
          ...(name.startsWith('NaN') || name.startsWith('inf') || name.startsWith('ties')
            ? { differentiable: [] }
            : {}),
        }),
      ),
    ),
    ...others,
  ],
};
