/** Uses of bounds. */
import type { OpCases } from '@dendrite/spec';
import { elementwise, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { clip } from './clip.ts';

const bounded = (min: number, max: number) => elementwise((x) => Math.max(min, Math.min(max, x)));
const inf = Number.POSITIVE_INFINITY;

export const clipCases: OpCases = {
  op: opNamed('core/clip'),
  cases: [
    {
      name: 'both bounds',
      inputs: [{ shape: [33], range: [-3, 3] }],
      run: one((x) => clip(x, { min: -1, max: 1.5 })),
      reference: bounded(-1, 1.5),
    },
    {
      name: 'below only',
      inputs: [{ shape: [2, 3] }],
      run: one((x) => clip(x, { min: 0 })),
      reference: bounded(0, inf),
    },
    { name: 'above only', inputs: [{ shape: [5] }], run: one((x) => clip(x, { max: 0 })), reference: bounded(-inf, 0) },
    {
      name: 'nothing',
      inputs: [{ shape: [0] }],
      run: one((x) => clip(x, { min: 0, max: 1 })),
      reference: bounded(0, 1),
    },
    {
      name: 'at the bounds, and one value only',
      inputs: [{ shape: [3], values: [-1, 0, 1] }],
      run: one((x) => [clip(x, { min: -1, max: 1 }), clip(x, { min: 0, max: 0 })]),
      reference: ([x]) => (x ? [...bounded(-1, 1)([x]), ...bounded(0, 0)([x])] : []),
      differentiable: [],
    },
    {
      name: 'int32, open below',
      inputs: [{ shape: [4], dtype: 'int32', values: [-2147483648, -3, 4, 9] }],
      run: one((x) => clip(x, { max: 4.5 })),
      reference: bounded(-inf, 4),
    },
  ],
};
