/** Uses of elements by index, and of their transpose. */
import type { CaseInput, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, indices as every, host, ofTwo, two } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { gather, scatterAdd } from './gather.ts';

const codes = (shape: Shape, values: readonly number[]): CaseInput => ({ shape, dtype: 'int32', values });
const forms: readonly (readonly [name: string, x: CaseInput, indices: CaseInput, axis: number])[] = [
  ['rows, one twice', { shape: [4, 3] }, codes([5], [3, 0, 0, 1, 3]), 0],
  ['columns', { shape: [2, 5] }, codes([3], [4, 0, 4]), 1],
  ['a matrix of indices (an embedding)', { shape: [5, 3] }, codes([2, 2], [4, 1, 1, 0]), 0],
  ['one index drops the axis', { shape: [4, 2] }, codes([], [2]), 0],
  ['one index into a vector', { shape: [4] }, codes([], [2]), 0],
  ['a middle axis of rank 4', { shape: [2, 4, 3, 2] }, codes([3], [3, 3, 1]), 1],
  ['vector', { shape: [33] }, codes([5], [32, 0, 16, 1, 31]), 0],
  ['no indices', { shape: [3, 2] }, codes([0], []), 0],
  ['rows of nothing', { shape: [3, 0] }, codes([2], [2, 1]), 0],
  ['int32', { shape: [4], dtype: 'int32' }, codes([3], [3, 1, 1]), 0],
  ['bool', { shape: [4], dtype: 'bool', values: [1, 0, 0, 1] }, codes([3], [3, 1, 0]), 0],
  ['uint8', { shape: [2, 2], dtype: 'uint8', range: [0, 256] }, codes([3], [1, 1, 0]), 1],
];

export const gatherCases: OpCases = {
  op: opNamed('core/gather'),
  cases: forms.map(
    ([name, x, index, axis]): OpCase => ({
      name,
      inputs: [x, index],
      run: two((values, which) => gather(values, which, axis === 0 ? {} : { axis })),
      reference: ofTwo((values, which) =>
        host([...values.shape.slice(0, axis), ...which.shape, ...values.shape.slice(axis + 1)], (i) => {
          const middle = i.slice(axis, axis + which.shape.length);
          return at(values, [...i.slice(0, axis), at(which, middle), ...i.slice(axis + which.shape.length)]);
        }),
      ),
    }),
  ),
};

export const scatterAddCases: OpCases = {
  op: opNamed('core/scatter-add'),
  cases: forms
    .filter(([, x]) => x.dtype !== 'bool' && x.dtype !== 'uint8')
    .map(([name, x, index, axis]): OpCase => {
      const length = x.shape[axis] as number;
      return {
        name,
        inputs: [{ ...x, shape: [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)] }, index],
        run: two((updates, which) => scatterAdd(updates, which, axis === 0 ? { length } : { length, axis })),
        reference: ofTwo((updates, which) =>
          host([...x.shape.slice(0, axis), length, ...x.shape.slice(axis + 1)], (i) =>
            every(which.shape)
              .filter((place) => at(which, place) === i[axis])
              .reduce((sum, place) => sum + at(updates, [...i.slice(0, axis), ...place, ...i.slice(axis + 1)]), 0),
          ),
        ),
      };
    }),
};
