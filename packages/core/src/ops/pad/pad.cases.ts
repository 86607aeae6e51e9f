/** Uses of constant borders. */
import type { DType, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { pad } from './pad.ts';
import type { PadMode } from './pad-by-copies.ts';

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

/** A row with its border written out: places of `abc…` from 0. */
const copied = (
  mode: PadMode,
  length: number,
  before: number,
  places: readonly number[],
  dtype: DType = 'float32',
): OpCase => ({
  name: `${mode}: ${length} with ${before} in front and ${places.length - length - before} behind, ${dtype}`,
  inputs: [{ shape: [length, 2], dtype }],
  run: one((x) => pad(x, { before: [before, 0], after: [places.length - length - before, 0], mode })),
  reference: ofOne((x) => host([places.length, 2], ([i = 0, j = 0]) => at(x, [places[i] as number, j]))),
});

export const padCopiesCases: OpCases = {
  op: opNamed('core/gather'),
  cases: [
    copied('reflect', 3, 2, [2, 1, 0, 1, 2, 1]),
    copied('reflect', 2, 3, [1, 0, 1, 0, 1, 0, 1, 0]),
    copied('reflect', 1, 1, [0, 0, 0]),
    copied('reflect', 3, 1, [1, 0, 1, 2], 'int32'),
    copied('symmetric', 3, 2, [1, 0, 0, 1, 2, 2]),
    copied('symmetric', 2, 5, [0, 0, 1, 1, 0, 0, 1]),
    copied('edge', 3, 2, [0, 0, 0, 1, 2, 2]),
    copied('edge', 3, 0, [0, 1, 2, 2], 'bool'),
    copied('wrap', 3, 2, [1, 2, 0, 1, 2, 0]),
    copied('wrap', 2, 3, [1, 0, 1, 0, 1, 0]),
    {
      name: 'reflect: both axes of a matrix',
      inputs: [{ shape: [2, 3] }],
      run: one((x) => pad(x, { before: [1, 1], after: [0, 2], mode: 'reflect' })),
      reference: ofOne((x) =>
        host([3, 6], ([i = 0, j = 0]) => at(x, [[1, 0, 1][i] as number, [1, 0, 1, 2, 1, 0][j] as number])),
      ),
    },
  ],
};

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
