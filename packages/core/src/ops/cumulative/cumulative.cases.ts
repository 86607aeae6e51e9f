/** Uses of running sums and products. */
import type { CaseInput, OpCase, OpCases, Tensor } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { type CumulativeOptions, cumulativeProduct, cumulativeSum } from './cumulative.ts';

/** Joins, in the order of running, what comes before an element, and the element itself unless exclusive. */
const running = (
  axis: number,
  first: number,
  join: (a: number, b: number) => number,
  { exclusive = false, reverse = false }: CumulativeOptions,
) =>
  ofOne((x) =>
    host(x.shape, (index) => {
      const length = x.shape[axis] as number;
      const here = index[axis] as number;
      let total = first;
      for (let n = 0; n < length; n++) {
        const k = reverse ? length - 1 - n : n;
        if (k === here && exclusive) break;
        total = join(total, at(x, index.with(axis, k)));
        if (k === here) break;
      }
      return total;
    }),
  );

const inputs: readonly (readonly [name: string, input: CaseInput, axis: number])[] = [
  ['1', { shape: [1] }, 0],
  ['5', { shape: [5] }, 0],
  ['33', { shape: [33], range: [-1.2, 1.2] }, 0],
  ['nothing', { shape: [0] }, 0],
  ['rows of nothing', { shape: [2, 0] }, 1],
  ['the first axis', { shape: [3, 4] }, 0],
  ['a middle axis of rank 4', { shape: [2, 3, 2, 2] }, 1],
  ['with zeros', { shape: [2, 4], values: [2, 0, 3, 4, 0, 1, 0, 5] }, 1],
  ['19 rows', { shape: [19, 3] }, 1],
  ['11 columns', { shape: [4, 11] }, 0],
  ['int32', { shape: [5], dtype: 'int32', values: [1, -2, 3, 4, 5] }, 0],
];
const ways: readonly (readonly [name: string, options: CumulativeOptions])[] = [
  ['', {}],
  [', exclusive', { exclusive: true }],
  [', reverse', { reverse: true }],
  [', exclusive and reverse', { exclusive: true, reverse: true }],
];
const casesOf = (
  name: string,
  run: (x: Tensor, options: CumulativeOptions) => Tensor,
  first: number,
  join: (a: number, b: number) => number,
): OpCase[] =>
  inputs.flatMap(([title, input, axis]) =>
    ways.map(([way, options]) => ({
      name: `${name}: ${title}${way}`,
      inputs: [input],
      run: one((x) => run(x, axis === input.shape.length - 1 ? options : { ...options, axis })),
      reference: running(axis, first, join, options),
    })),
  );

export const cumulativeCases: OpCases = {
  op: opNamed('core/cumulative'),
  cases: [
    ...casesOf('sum', cumulativeSum, 0, (a, b) => a + b),
    ...casesOf('product', cumulativeProduct, 1, (a, b) => a * b),
  ],
};
