/** Uses of constant borders. */
import type { DType, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { pad } from './pad.ts';

const use = (
  name: string,
  shape: Shape,
  before: readonly number[],
  after: readonly number[],
  value = 0,
  dtype: DType = 'float32',
): OpCase => ({
  name,
  inputs: [{ shape, dtype }],
  run: one((x) => pad(x, { before, after, value })),
  reference: ofOne((x) =>
    host(
      shape.map((length, axis) => (before[axis] as number) + length + (after[axis] as number)),
      (index) => {
        const inside = index.map((i, axis) => i - (before[axis] as number));
        return inside.every((i, axis) => i >= 0 && i < (shape[axis] as number)) ? at(x, inside) : value;
      },
    ),
  ),
});

export const padCases: OpCases = {
  op: opNamed('core/pad'),
  cases: [
    use('a vector', [3], [1], [2]),
    use('33, in front only', [33], [5], [0]),
    use('rows and columns', [2, 3], [1, 0], [0, 2], -1.5),
    use('an image of rank 4', [2, 2, 3, 1], [0, 1, 2, 0], [0, 1, 0, 0]),
    use('no border', [2, 2], [0, 0], [0, 0]),
    use('a scalar', [], [], []),
    use('around nothing', [0, 2], [1, 1], [1, 0], 7),
    use('with −∞', [2], [1], [1], Number.NEGATIVE_INFINITY),
    use('int32', [2], [1], [1], 9, 'int32'),
    use('bool', [2], [1], [2], 1, 'bool'),
    use('uint8', [3], [2], [1], 200, 'uint8'),
  ].map((each) => (each.name === 'with −∞' ? { ...each, differentiable: [] } : each)),
};
