/** Uses of tensors from one value. */
import type { OpCases } from '@dendrite/spec';
import { elementwise, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { full, onesLike, zerosLike } from './full.ts';

/** In the shape of an input, whose runtime it takes. */
export const fillCases: OpCases = {
  op: opNamed('core/fill'),
  cases: [
    ...[[], [0], [1], [5], [33], [2, 3, 1, 2]].map((shape) => ({
      name: `zeros and ones like [${shape}]`,
      inputs: [{ shape, range: [1, 2] as const }],
      run: one((x) => [zerosLike(x), onesLike(x)]),
      // A NaN or an infinity in the pattern does not matter.
      reference: (inputs: Parameters<ReturnType<typeof elementwise>>[0]) => [
        ...elementwise(() => 0)(inputs),
        ...elementwise(() => 1)(inputs),
      ],
    })),
    {
      name: 'every dtype',
      inputs: [{ shape: [3] }],
      run: one(({ runtime }) => [
        full([3], -1.5, { runtime }),
        full([3], 16_777_217, { runtime, dtype: 'int32' }),
        full([3], 200, { runtime, dtype: 'uint8' }),
        full([3], 1, { runtime, dtype: 'bool' }),
      ]),
      reference: () => [-1.5, 16_777_217, 200, 1].map((value) => ({ shape: [3], data: [value, value, value] })),
    },
  ],
};
