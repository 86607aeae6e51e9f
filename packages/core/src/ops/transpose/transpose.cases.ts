/** Uses of permuted axes. */
import type { DType, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { transpose } from './transpose.ts';

const use = (name: string, shape: Shape, axes?: readonly number[], dtype: DType = 'float32'): OpCase => {
  const order = (axes ?? shape.map((_, axis) => shape.length - 1 - axis)).map(
    (axis) => (axis + shape.length) % shape.length,
  );
  return {
    name,
    inputs: [{ shape, dtype }],
    run: one((x) => transpose(x, axes)),
    reference: ofOne((x) =>
      host(
        order.map((axis) => shape[axis] as number),
        (index) =>
          at(
            x,
            shape.map((_, axis) => index[order.indexOf(axis)] as number),
          ),
      ),
    ),
  };
};

export const transposeCases: OpCases = {
  op: opNamed('core/transpose'),
  cases: [
    use('a scalar', []),
    use('a vector', [3]),
    use('a matrix', [3, 5]),
    use('1 × 33', [1, 33]),
    use('no rows', [0, 3]),
    use('rank 3, all reversed', [2, 3, 4]),
    use('a cycle', [2, 3, 4], [1, 2, 0]),
    use('the last two of four', [2, 3, 4, 5], [0, 1, 3, 2]),
    use('attention heads', [2, 5, 3, 4], [0, 2, 1, 3]),
    use('axes from the end', [2, 3, 4], [-1, 0, -2]),
    use('as it was', [2, 3], [0, 1]),
    use('int32', [2, 3], undefined, 'int32'),
    use('bool', [2, 3], undefined, 'bool'),
    use('uint8', [3, 2], undefined, 'uint8'),
    { name: 'large', inputs: [{ shape: [512, 512] }], run: one((x) => transpose(x)), benchmark: true },
  ],
};
