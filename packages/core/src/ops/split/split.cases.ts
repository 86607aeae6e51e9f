/** Uses of cutting along an axis. */
import type { OpCases } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { split, unstack } from './split.ts';

/** `count` places of an axis from `first` on. */
const part = (axis: number, first: number, count: number) =>
  ofOne((x) => host(x.shape.with(axis, count), (index) => at(x, index.with(axis, (index[axis] as number) + first))));

export const splitCases: OpCases = {
  op: opNamed('core/split'),
  cases: [
    {
      name: 'equal parts',
      inputs: [{ shape: [6, 2] }],
      run: one((x) => split(x, { parts: 3 })),
      reference: (inputs) => [0, 2, 4].flatMap((from) => part(0, from, 2)(inputs)),
    },
    {
      name: 'sizes along the last axis, one of them nothing',
      inputs: [{ shape: [2, 5] }],
      run: one((x) => split(x, { sizes: [1, 0, 4], axis: -1 })),
      reference: (inputs) => [part(1, 0, 1), part(1, 1, 0), part(1, 1, 4)].flatMap((each) => each(inputs)),
    },
    {
      name: 'one part',
      inputs: [{ shape: [3] }],
      run: one((x) => split(x, { parts: 1 })),
      reference: part(0, 0, 3),
    },
    {
      name: 'a part that nothing depends on',
      inputs: [{ shape: [4, 3] }],
      run: one((x) => split(x, { sizes: [1, 2, 1] })[1] ?? x),
      reference: part(0, 1, 2),
    },
    {
      name: 'unstacked along a middle axis',
      inputs: [{ shape: [2, 3, 2] }],
      run: one((x) => unstack(x, { axis: 1 })),
      reference: ofOneEach(3),
    },
    {
      name: 'int32',
      inputs: [{ shape: [4], dtype: 'int32' }],
      run: one((x) => split(x, { parts: 2 })),
      reference: (inputs) => [0, 2].flatMap((from) => part(0, from, 2)(inputs)),
    },
  ],
};

/** The steps of axis 1, without that axis. */
function ofOneEach(count: number): NonNullable<OpCases['cases'][number]['reference']> {
  return ([x]) =>
    x
      ? Array.from({ length: count }, (_, step) =>
          host([x.shape[0] as number, x.shape[2] as number], ([i = 0, j = 0]) => at(x, [i, step, j])),
        )
      : [];
}
