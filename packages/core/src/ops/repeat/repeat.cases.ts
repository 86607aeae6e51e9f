/** Uses of elements repeated one by one. */
import type { DType, OpCase, OpCases, Shape } from '@dendrite/spec';
import { at, host, ofOne, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { repeat } from './repeat.ts';

const use = (
  name: string,
  shape: Shape,
  repeats: number | readonly number[],
  axis = 0,
  dtype: DType = 'float32',
): OpCase => ({
  name: `repeat: ${name}`,
  inputs: [{ shape, dtype }],
  run: one((x) => repeat(x, repeats, axis === 0 ? {} : { axis })),
  reference: ofOne((x) => {
    const from: number[] = [];
    for (let i = 0; i < (x.shape[axis] as number); i++)
      for (let n = 0; n < (typeof repeats === 'number' ? repeats : (repeats[i] as number)); n++) from.push(i);
    return host(x.shape.with(axis, from.length), (index) =>
      at(x, index.with(axis, from[index[axis] as number] as number)),
    );
  }),
});

export const repeatCases: OpCases = {
  op: opNamed('core/broadcast'),
  cases: [
    use('a vector', [3], 2),
    use('the last axis', [2, 3], 3, 1),
    use('a middle axis', [2, 2, 2], 2, 1),
    use('once', [2, 3], 1),
    use('not at all', [2, 3], 0),
    use('each as often as it says', [4, 2], [0, 2, 1, 3]),
    use('each column as often as it says', [2, 3], [2, 0, 1], 1),
    use('nothing', [0, 2], 4),
    use('int32', [3], 2, 0, 'int32'),
    use('bool', [3], [1, 2, 0], 0, 'bool'),
  ],
};
