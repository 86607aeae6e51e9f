/** Uses of rows replaced by index: the last of several stands. */
import type { CaseInput, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, indices as every, host, three } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { scatterSet } from './scatter-set.ts';

const codes = (shape: Shape, values: readonly number[]): CaseInput => ({ shape, dtype: 'int32', values });
const forms: readonly (readonly [name: string, x: CaseInput, indices: CaseInput, axis: number])[] = [
  ['rows', { shape: [4, 3] }, codes([2], [2, 0]), 0],
  ['a row twice: the last stands', { shape: [3, 2] }, codes([4], [1, 0, 1, 1]), 0],
  ['all rows', { shape: [3, 2] }, codes([3], [2, 0, 1]), 0],
  ['columns', { shape: [2, 5] }, codes([2], [4, 1]), 1],
  ['a matrix of indices', { shape: [5, 2] }, codes([2, 2], [4, 1, 0, 4]), 0],
  ['one index', { shape: [3, 2] }, codes([], [1]), 0],
  ['no indices', { shape: [3, 2] }, codes([0], []), 0],
  ['a vector of 33', { shape: [33] }, codes([5], [32, 0, 16, 1, 0]), 0],
  ['int32', { shape: [4], dtype: 'int32' }, codes([2], [3, 1]), 0],
  ['bool', { shape: [3], dtype: 'bool' }, codes([1], [1]), 0],
  ['uint8', { shape: [3], dtype: 'uint8' }, codes([2], [0, 2]), 0],
];

export const scatterSetCases: OpCases = {
  op: opNamed('core/gather'),
  cases: forms.map(([name, x, index, axis]): OpCase => {
    const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
    return {
      name: `scatterSet: ${name}`,
      inputs: [x, index, { ...x, shape: [...before, ...index.shape, ...after] }],
      run: three((values, which, updates) => scatterSet(values, which, updates, axis === 0 ? {} : { axis })),
      reference: ([values, which, updates]) =>
        values && which && updates
          ? [
              host(values.shape, (i) => {
                const place = every(which.shape).findLast((each) => at(which, each) === i[axis]);
                return place ? at(updates, [...i.slice(0, axis), ...place, ...i.slice(axis + 1)]) : at(values, i);
              }),
            ]
          : [],
    };
  }),
};
