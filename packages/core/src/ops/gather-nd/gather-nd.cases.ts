/** Uses of blocks by index vectors, and of their transpose. */
import type { CaseInput, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, indices as every, host, ofTwo, two } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { gatherNd, scatterNd } from './gather-nd.ts';

const codes = (shape: Shape, values: readonly number[]): CaseInput => ({ shape, dtype: 'int32', values });
const forms: readonly (readonly [name: string, x: CaseInput, indices: CaseInput])[] = [
  ['elements of a matrix, one twice', { shape: [3, 4] }, codes([3, 2], [2, 3, 0, 0, 2, 3])],
  ['rows of a matrix', { shape: [3, 4] }, codes([2, 1], [2, 0])],
  ['rows inside a batch', { shape: [2, 3, 2] }, codes([2, 1, 2], [1, 2, 0, 1])],
  ['one element', { shape: [2, 2] }, codes([2], [1, 0])],
  ['a vector', { shape: [33] }, codes([3, 1], [32, 0, 5])],
  ['none', { shape: [2, 2] }, codes([0, 2], [])],
  ['int32', { shape: [2, 2], dtype: 'int32' }, codes([2, 2], [0, 1, 1, 1])],
];
/** The vector that leads to one block. */
const vectorAt = (which: Parameters<typeof at>[0], place: readonly number[]): number[] =>
  Array.from({ length: which.shape.at(-1) ?? 0 }, (_, k) => at(which, [...place, k]));

export const gatherNdCases: OpCases = {
  op: opNamed('core/gather'),
  cases: forms.map(
    ([name, x, indices]): OpCase => ({
      name: `gatherNd: ${name}`,
      inputs: [x, indices],
      run: two(gatherNd),
      reference: ofTwo((values, which) => {
        const places = which.shape.slice(0, -1);
        return host([...places, ...values.shape.slice(which.shape.at(-1))], (i) =>
          at(values, [...vectorAt(which, i.slice(0, places.length)), ...i.slice(places.length)]),
        );
      }),
    }),
  ),
};

export const scatterNdCases: OpCases = {
  op: opNamed('core/scatter-add'),
  cases: forms.map(([name, { shape, ...x }, indices]): OpCase => {
    const places = indices.shape.slice(0, -1);
    const depth = indices.shape.at(-1) ?? 0;
    return {
      name: `scatterNd: ${name}`,
      inputs: [{ ...x, shape: [...places, ...shape.slice(depth)] }, indices],
      run: two((updates, which) => scatterNd(updates, which, { shape })),
      reference: ofTwo((updates, which) =>
        host(shape, (i) =>
          every(places)
            .filter((place) => vectorAt(which, place).every((k, axis) => k === i[axis]))
            .reduce((sum, place) => sum + at(updates, [...place, ...i.slice(depth)]), 0),
        ),
      ),
    };
  }),
};
