/** Uses of the largest few along an axis. */
import type { HostTensor, OpCase, OpCases } from '@dendrite/spec';
import { at, host, one } from '../../case-tables/host-loops.fixture.ts';
import { opNamed } from '../../case-tables/op-named.fixture.ts';
import { type TopKOptions, topK } from './top-k.ts';

/** By rank: an element's place is how many come before it; NaN is last (no case has two). */
function reference(x: HostTensor, { k, axis = -1, smallest = false }: TopKOptions): HostTensor[] {
  const along = axis < 0 ? axis + x.shape.length : axis;
  const length = x.shape[along] as number;
  const shape = x.shape.with(along, k);
  const from = host(shape, (index) => {
    const value = (i: number): number => at(x, index.with(along, i)) * (smallest ? -1 : 1);
    const before = (j: number, i: number): boolean =>
      Number.isNaN(value(i)) && !Number.isNaN(value(j))
        ? true
        : value(j) > value(i) || (!(value(i) > value(j)) && !Number.isNaN(value(j)) && j < i);
    const places = Array.from({ length }, (_, i) => i);
    return places.findIndex((i) => places.filter((j) => j !== i && before(j, i)).length === index[along]);
  });
  return [host(shape, (index) => at(x, index.with(along, at(from, index)))), from];
}

const use = (name: string, shape: readonly number[], options: TopKOptions, values?: readonly number[]): OpCase => ({
  name: `topK: ${name}`,
  inputs: [{ shape, values: values ?? 'distinct' }],
  run: one((x) => {
    const { values: largest, indices } = topK(x, options);
    return [largest, indices];
  }),
  reference: ([x]) => (x ? reference(x, options) : []),
  ...(values ? { differentiable: [] } : {}),
});

export const topKCases: OpCases = {
  op: opNamed('core/sort'),
  cases: [
    use('one of 1', [1], { k: 1 }),
    use('3 of 33', [33], { k: 3 }),
    use('rows', [3, 5], { k: 2 }),
    use('the smallest', [2, 5], { k: 2, smallest: true }),
    use('the first axis', [4, 3], { k: 2, axis: 0 }),
    use('all', [2, 3], { k: 3 }),
    use('none', [2, 3], { k: 0 }),
    use('ties keep their order', [2, 4], { k: 3 }, [1, 2, 1, 2, 0, 0, 0, 0]),
  ],
};
