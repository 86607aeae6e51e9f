/** Uses of elements along one axis by indices of their own, taken and put. */
import type { CaseInput, HostTensor, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, indices as every, host, ofTwo, three, two } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { putAlongAxis, takeAlongAxis } from './along-axis.ts';

const codes = (shape: Shape, values: readonly number[]): CaseInput => ({ shape, dtype: 'int32', values });
const forms: readonly (readonly [name: string, x: CaseInput, indices: CaseInput, axis: number])[] = [
  ['one a row', { shape: [3, 4] }, codes([3, 1], [3, 0, 2]), 1],
  ['several a row, one twice', { shape: [2, 3] }, codes([2, 4], [0, 2, 2, 1, 1, 1, 1, 0]), 1],
  ['one a column', { shape: [3, 2] }, codes([1, 2], [2, 0]), 0],
  ['a middle axis', { shape: [2, 3, 2] }, codes([2, 2, 2], [0, 2, 1, 1, 2, 0, 2, 0]), 1],
  ['a vector of 33', { shape: [33] }, codes([3], [32, 0, 16]), 0],
  ['no indices', { shape: [2, 3] }, codes([2, 0], []), 1],
  ['rows of nothing', { shape: [0, 3] }, codes([0, 2], []), 1],
];
const wholeForms: typeof forms = [
  ['int32', { shape: [2, 2], dtype: 'int32' }, codes([2, 1], [1, 0]), 1],
  ['int32, the first axis', { shape: [3, 2], dtype: 'int32' }, codes([2, 2], [2, 0, 1, 1]), 0],
  ['bool', { shape: [2, 2], dtype: 'bool', values: [1, 0, 0, 1] }, codes([2, 1], [1, 0]), 1],
];
const optionsOf = (x: CaseInput, axis: number): { readonly axis?: number } =>
  axis === x.shape.length - 1 ? {} : { axis };

const take = ([name, x, indices, axis]: (typeof forms)[number]): OpCase => ({
  name: `takeAlongAxis: ${name}`,
  inputs: [x, indices],
  run: two((values, which) => takeAlongAxis(values, which, optionsOf(x, axis))),
  reference: ofTwo((values, which) => host(which.shape, (index) => at(values, index.with(axis, at(which, index))))),
});
export const takeAlongAxisCases: OpCases = { op: opNamed('core/gather'), cases: forms.map(take) };
/** The places have no gradient: whole numbers show them. */
export const placeAlongAxisCases: OpCases = { op: opNamed('core/place-along-axis'), cases: wholeForms.map(take) };

/** Updates written, or added, one after another. */
function put(x: HostTensor, which: HostTensor, updates: HostTensor, axis: number, adds: boolean): HostTensor {
  const data = Float64Array.from(x.data);
  for (const index of every(which.shape)) {
    const place = index.with(axis, at(which, index)).reduce((sum, i, a) => sum * (x.shape[a] as number) + i, 0);
    data[place] = at(updates, index) + (adds ? (data[place] as number) : 0);
  }
  return { shape: x.shape, data };
}

export const putAlongAxisCases: OpCases = {
  op: opNamed('core/scatter-add'),
  cases: (['set', 'add'] as const).flatMap((mode) =>
    [...forms, ...wholeForms.slice(0, 2)].map(
      ([name, x, indices, axis]): OpCase => ({
        name: `putAlongAxis, ${mode}: ${name}`,
        inputs: [x, indices, { ...x, shape: indices.shape }],
        run: three((values, which, updates) =>
          putAlongAxis(values, which, updates, { ...optionsOf(x, axis), ...(mode === 'add' && { mode }) }),
        ),
        reference: ([values, which, updates]) =>
          values && which && updates ? [put(values, which, updates, axis, mode === 'add')] : [],
      }),
    ),
  ),
};
