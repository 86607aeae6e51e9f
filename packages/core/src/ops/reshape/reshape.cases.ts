/** Uses of other shapes of the same bytes. */
import type { DType, HostTensor, OpCase, OpCases, Shape, Tensor } from '@dendrite/spec';
import { one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { expandDims, reshape, squeeze } from './reshape.ts';

const as =
  (...shapes: readonly Shape[]): NonNullable<OpCase['reference']> =>
  ([x]): HostTensor[] =>
    shapes.map((shape) => ({ shape, data: x?.data ?? [] }));
const use = (
  name: string,
  from: Shape,
  run: (x: Tensor) => Tensor | readonly Tensor[],
  to: readonly Shape[],
  dtype: DType = 'float32',
): OpCase => ({ name, inputs: [{ shape: from, dtype }], run: one(run), reference: as(...to) });

export const reshapeCases: OpCases = {
  op: opNamed('core/view'),
  cases: [
    use('a row as a matrix', [6], (x) => reshape(x, [2, 3]), [[2, 3]]),
    use('one length left open', [4, 3], (x) => reshape(x, [2, -1, 1]), [[2, 6, 1]]),
    use('a scalar as a vector', [], (x) => reshape(x, [1]), [[1]]),
    use('one element as a scalar', [1, 1], (x) => reshape(x, []), [[]]),
    use('nothing', [0, 3], (x) => reshape(x, [3, 0, 2]), [[3, 0, 2]]),
    use('33', [33], (x) => reshape(x, [3, 11]), [[3, 11]]),
    use('the same shape', [2, 2], (x) => reshape(x, [2, 2]), [[2, 2]]),
    use('int32', [2, 3], (x) => reshape(x, [3, 2]), [[3, 2]], 'int32'),
    use('bool', [4], (x) => reshape(x, [2, 2]), [[2, 2]], 'bool'),
    use('uint8', [5], (x) => reshape(x, [5, 1]), [[5, 1]], 'uint8'),
    use('squeeze', [1, 3, 1, 2], (x) => [squeeze(x), squeeze(x, { axes: [0] }), squeeze(x, { axes: -2 })], [
      [3, 2],
      [3, 1, 2],
      [1, 3, 2],
    ]),
    use('expandDims', [3, 2], (x) => [0, 1, -1].map((axis) => expandDims(x, { axis })), [
      [1, 3, 2],
      [3, 1, 2],
      [3, 2, 1],
    ]),
  ],
};
