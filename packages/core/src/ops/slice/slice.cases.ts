/** Uses of parts: contiguous ones, strided ones, backwards; reverse and tile, which are made of them. */
import type { DType, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { reverse, type SliceOptions, slice, tile } from './slice.ts';

/** What is taken, written out: the first element, how many and the step of each axis. */
type Taken = readonly (readonly [first: number, count: number, step: number])[];

const part = (taken: Taken) =>
  ofOne((x) =>
    host(
      taken.map(([, count]) => count),
      (index) =>
        at(
          x,
          taken.map(([first, , step], axis) => first + (index[axis] as number) * step),
        ),
    ),
  );
const use = (name: string, shape: Shape, options: SliceOptions, taken: Taken, dtype: DType = 'float32'): OpCase => ({
  name,
  inputs: [{ shape, dtype }],
  run: one((x) => slice(x, options)),
  reference: part(taken),
});

const op = opNamed('core/slice');
export const sliceCases: OpCases = {
  op,
  cases: [
    use('the middle of a vector', [5], { begin: [1], size: [3] }, [[1, 3, 1]]),
    use('from an odd place on', [33], { begin: [7] }, [[7, 26, 1]]),
    use('from the end', [5], { begin: [-2] }, [[3, 2, 1]]),
    use('a row', [4, 3], { begin: [2], size: [1] }, [
      [2, 1, 1],
      [0, 3, 1],
    ]),
    use('a column', [4, 3], { begin: [0, 1], size: [-1, 1] }, [
      [0, 4, 1],
      [1, 1, 1],
    ]),
    use('a block of rank 4', [2, 3, 4, 3], { begin: [1, 0, 1, 1], size: [1, 2, 2, 2] }, [
      [1, 1, 1],
      [0, 2, 1],
      [1, 2, 1],
      [1, 2, 1],
    ]),
    use('part of a row', [3, 5], { begin: [1, 2], size: [1, 2] }, [
      [1, 1, 1],
      [2, 2, 1],
    ]),
    use('all', [2, 3], { begin: [] }, [
      [0, 2, 1],
      [0, 3, 1],
    ]),
    use('nothing of it', [5], { begin: [5] }, [[5, 0, 1]]),
    use('nothing of nothing', [0], { begin: [0] }, [[0, 0, 1]]),
    use('a scalar', [], { begin: [] }, []),
    use('every second', [7], { begin: [0], step: [2] }, [[0, 4, 2]]),
    use('every third from 1', [8], { begin: [1], step: [3] }, [[1, 3, 3]]),
    use('backwards', [5], { begin: [-1], step: [-1] }, [[4, 5, -1]]),
    use('backwards by two from the middle', [7], { begin: [4], step: [-2] }, [[4, 3, -2]]),
    use('backwards, two of them', [7], { begin: [5], size: [2], step: [-3] }, [[5, 2, -3]]),
    use('mixed steps of rank 3', [4, 3, 5], { begin: [3, 0, 1], size: [2, 3, 2], step: [-2, 1, 2] }, [
      [3, 2, -2],
      [0, 3, 1],
      [1, 2, 2],
    ]),
    use('steps that leave a tail', [3, 6], { begin: [0, 0], size: [2, 2], step: [2, 4] }, [
      [0, 2, 2],
      [0, 2, 4],
    ]),
    use('int32', [5], { begin: [1], size: [3] }, [[1, 3, 1]], 'int32'),
    use('bool, every second', [5], { begin: [0], step: [2] }, [[0, 3, 2]], 'bool'),
    use('uint8, backwards', [5], { begin: [-1], step: [-1] }, [[4, 5, -1]], 'uint8'),
  ],
};

export const reverseCases: OpCases = {
  op,
  cases: [
    {
      name: 'reverse: all axes',
      inputs: [{ shape: [2, 3] }],
      run: one((x) => reverse(x)),
      reference: part([
        [1, 2, -1],
        [2, 3, -1],
      ]),
    },
    {
      name: 'reverse: one axis',
      inputs: [{ shape: [2, 3, 2] }],
      run: one((x) => reverse(x, { axes: 1 })),
      reference: part([
        [0, 2, 1],
        [2, 3, -1],
        [0, 2, 1],
      ]),
    },
    {
      name: 'reverse: no axis',
      inputs: [{ shape: [3] }],
      run: one((x) => reverse(x, { axes: [] })),
      reference: part([[0, 3, 1]]),
    },
    {
      name: 'reverse: nothing',
      inputs: [{ shape: [0, 2] }],
      run: one((x) => reverse(x)),
      reference: part([
        [0, 0, 1],
        [0, 2, 1],
      ]),
    },
  ],
};

const repeated = (repeats: readonly number[]) =>
  ofOne((x) =>
    host(
      x.shape.map((length, axis) => length * (repeats[axis] as number)),
      (index) =>
        at(
          x,
          x.shape.map((length, axis) => (index[axis] as number) % length),
        ),
    ),
  );
export const tileCases: OpCases = {
  op: opNamed('core/concat'),
  cases: [
    [[3], [2]],
    [
      [2, 3],
      [1, 1],
    ],
    [
      [2, 1, 3],
      [2, 3, 1],
    ],
    [
      [2, 3],
      [0, 2],
    ],
    [[], []],
  ].map(([shape = [], repeats = []]) => ({
    name: `tile: [${shape}] by [${repeats}]`,
    inputs: [{ shape }],
    run: one((x) => tile(x, repeats)),
    reference: repeated(repeats),
  })),
};
