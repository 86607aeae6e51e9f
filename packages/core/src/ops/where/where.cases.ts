/** Uses of the choice by a condition. */
import type { OpCases } from '@dendrite/spec';
import { elementwise, three, two } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { where } from './where.ts';

const choose = elementwise((condition, a, b) => (condition ? a : b));
const bits = (...values: number[]) => ({ shape: [values.length], dtype: 'bool' as const, values });

export const whereCases: OpCases = {
  op: opNamed('core/where'),
  cases: [
    { name: '5', inputs: [bits(1, 0, 0, 1, 1), { shape: [5] }, { shape: [5] }], run: three(where), reference: choose },
    {
      name: 'all stretched',
      inputs: [{ shape: [3, 1, 1], dtype: 'bool', values: [1, 0, 1] }, { shape: [2, 1] }, { shape: [4] }],
      run: three(where),
      reference: choose,
    },
    {
      name: 'nothing',
      inputs: [{ shape: [0], dtype: 'bool' }, { shape: [0] }, { shape: [] }],
      run: three(where),
      reference: choose,
    },
    {
      name: 'NaN in the branch not taken stays out',
      inputs: [
        bits(1, 0, 1),
        { shape: [3], values: [1, Number.NaN, 3] },
        { shape: [3], values: [Number.NaN, 2, Number.NaN] },
      ],
      run: three(where),
      reference: choose,
      differentiable: [],
    },
    {
      name: 'int32',
      inputs: [
        bits(1, 0, 1),
        { shape: [3], dtype: 'int32', values: [1, 2, 3] },
        { shape: [], dtype: 'int32', values: [-9] },
      ],
      run: three(where),
      reference: choose,
    },
    {
      name: 'bool branches',
      inputs: [
        bits(1, 0, 1, 0),
        { shape: [4], dtype: 'bool', values: [1, 1, 0, 0] },
        { shape: [4], dtype: 'bool', values: [0, 0, 1, 1] },
      ],
      run: three(where),
      reference: choose,
    },
    {
      name: 'a number first',
      inputs: [bits(1, 0, 1, 0, 1), { shape: [5] }],
      run: two((condition, b) => where(condition, 0.5, b)),
      reference: elementwise((condition, b) => (condition ? 0.5 : b)),
    },
    {
      name: 'a number second',
      inputs: [bits(1, 0, 1), { shape: [2, 3] }],
      run: two((condition, a) => where(condition, a, -2)),
      reference: elementwise((condition, a) => (condition ? a : -2)),
    },
  ],
};
