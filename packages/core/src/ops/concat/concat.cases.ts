/** Uses of joined tensors. */
import type { DType, HostTensor, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { concat, stack } from './concat.ts';

/** Walks along `axis` from tensor to tensor. */
const joined = (inputs: readonly HostTensor[], axis: number): HostTensor => {
  const lengths = inputs.map(({ shape }) => shape[axis] as number);
  const first = inputs[0] as HostTensor;
  return host(
    first.shape.with(
      axis,
      lengths.reduce((a, b) => a + b, 0),
    ),
    (index) => {
      let place = index[axis] as number;
      let n = 0;
      while (place >= (lengths[n] as number)) place -= lengths[n++] as number;
      return at(inputs[n] as HostTensor, index.with(axis, place));
    },
  );
};
const use = (name: string, shapes: readonly Shape[], axis: number, dtype: DType = 'float32'): OpCase => ({
  name,
  inputs: shapes.map((shape) => ({ shape, dtype })),
  run: (tensors) => concat(tensors, axis === 0 ? {} : { axis }),
  reference: (inputs) => [joined(inputs, (axis + (shapes[0]?.length ?? 0)) % (shapes[0]?.length ?? 1))],
});
const stacked = (name: string, shape: Shape, count: number, axis: number, at: number): OpCase => ({
  name,
  inputs: Array.from({ length: count }, () => ({ shape })),
  run: (tensors) => stack(tensors, axis === 0 ? {} : { axis }),
  reference: (inputs) => [
    joined(
      inputs.map(({ data }) => ({ shape: shape.toSpliced(at, 0, 1), data })),
      at,
    ),
  ],
});

export const concatCases: OpCases = {
  op: opNamed('core/concat'),
  cases: [
    use('vectors of 1, 3 and 5', [[1], [3], [5]], 0),
    use(
      'rows',
      [
        [2, 3],
        [1, 3],
      ],
      0,
    ),
    use(
      'columns',
      [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      1,
    ),
    use(
      'a middle axis of rank 4',
      [
        [2, 1, 3, 2],
        [2, 2, 3, 2],
      ],
      1,
    ),
    use(
      'the last axis of rank 3',
      [
        [2, 2, 1],
        [2, 2, 3],
      ],
      -1,
    ),
    use(
      'with nothing',
      [
        [0, 2],
        [3, 2],
        [0, 2],
      ],
      0,
    ),
    use(
      'only nothing',
      [
        [2, 0],
        [2, 0],
      ],
      1,
    ),
    use('one tensor', [[5]], 0),
    use(
      'forty tensors',
      Array.from({ length: 40 }, () => [1]),
      0,
    ),
    use('int32', [[2], [1]], 0, 'int32'),
    use('bool', [[2], [3]], 0, 'bool'),
    use(
      'uint8',
      [
        [1, 2],
        [1, 1],
      ],
      1,
      'uint8',
    ),
    {
      name: 'one tensor twice',
      inputs: [{ shape: [2, 3] }],
      run: ([x]) => (x ? concat([x, x], { axis: 1 }) : []),
      reference: ([x]) => (x ? [joined([x, x], 1)] : []),
    },
    stacked('stack: scalars', [], 3, 0, 0),
    stacked('stack: in front', [2, 3], 2, 0, 0),
    stacked('stack: behind', [2, 3], 2, -1, 2),
    stacked('stack: between', [2, 3], 3, 1, 1),
  ],
};
