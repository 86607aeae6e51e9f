/** Uses of stretched axes. */
import type { DType, OpCase, OpCases, Shape } from '@dendrite/spec';
import { host, ofOne, one, stretched } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { broadcastTo } from './broadcast-to.ts';

const use = (name: string, from: Shape, to: Shape, dtype: DType = 'float32'): OpCase => ({
  name,
  inputs: [{ shape: from, dtype }],
  run: one((x) => broadcastTo(x, to)),
  reference: ofOne((x) => host(to, (index) => stretched(x, index))),
});

export const broadcastCases: OpCases = {
  op: opNamed('core/broadcast'),
  cases: [
    use('a scalar', [], [33]),
    use('a scalar to a scalar', [], []),
    use('rows', [3], [4, 3]),
    use('columns', [4, 1], [4, 3]),
    use('a middle axis', [2, 1, 3], [2, 5, 3]),
    use('axes apart of rank 4', [1, 3, 1, 2], [2, 3, 4, 2]),
    use('from rank 2 to 4', [3, 1], [2, 1, 3, 5]),
    use('as it was', [2, 3], [2, 3]),
    use('to nothing', [1, 3], [0, 3]),
    use('int32', [1, 3], [2, 3], 'int32'),
    use('bool', [2, 1], [2, 3], 'bool'),
    use('uint8', [1], [5], 'uint8'),
  ],
};
