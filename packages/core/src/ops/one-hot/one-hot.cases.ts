/** Uses of codes as rows. */
import type { DType, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { oneHot } from './one-hot.ts';

const use = (
  name: string,
  shape: Shape,
  values: readonly number[],
  classes: number,
  dtype: DType = 'float32',
): OpCase => ({
  name,
  inputs: [{ shape, dtype: 'int32', values }],
  run: one((codes) => oneHot(codes, dtype === 'float32' ? { classes } : { classes, dtype })),
  reference: ofOne((codes) =>
    host([...shape, classes], (index) => (at(codes, index.slice(0, -1)) === index.at(-1) ? 1 : 0)),
  ),
});

export const oneHotCases: OpCases = {
  op: opNamed('core/one-hot'),
  cases: [
    use('oneHot: a batch of labels', [5], [2, 0, 1, 2, 2], 3),
    use('oneHot: codes outside give zeros', [4], [-1, 0, 3, 7], 3),
    use('oneHot: a scalar', [], [1], 2),
    use('oneHot: one class', [3], [0, 0, 1], 1),
    use('oneHot: rank 3', [2, 1, 2], [0, 4, 32, 1], 33),
    use('oneHot: no labels', [0], [], 4),
    use('oneHot: bool', [2], [1, 0], 2, 'bool'),
    use('oneHot: bool, rows of 33', [3], [32, -1, 4], 33, 'bool'),
    use('oneHot: int32', [2], [1, 0], 2, 'int32'),
    use('oneHot: uint8', [3], [1, 0, 4], 3, 'uint8'),
  ],
};
