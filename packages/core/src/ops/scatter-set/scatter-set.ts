/** Rows replaced by index. */
import { DendriteError, type Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { concat } from '../concat/concat.ts';
import { add, maximum } from '../expression/arithmetic.ts';
import { less, notEqual } from '../expression/comparisons.ts';
import { checked } from '../expression/expression-op.ts';
import { gather, scatterAdd } from '../gather/gather.ts';
import { fill } from '../making/fill.ts';
import { frontAxis } from '../option.ts';
import { reshape, viewOf } from '../reshape/reshape.ts';
import { slice } from '../slice/slice.ts';
import { sort } from '../sort/sort.ts';
import { sizeOf } from '../strides.ts';
import { where } from '../where/where.ts';

/**
 * `x` with `y[…, indices[i], …] = updates[…, i, …]` along `axis`; where an index occurs twice, the last update stands.
 * @param indices  int32 of any shape, each from 0 to the axis' length − 1
 * @param updates  what `gather(x, indices)` would give: the indices' shape in place of the axis
 * @param options.axis  default 0
 * @gradient  dupdates = the cotangent where an update stands; dx = the cotangent elsewhere
 * @throws DTYPE, SHAPE, OPTION; an index that is out of range throws on host-visible backends
 * @example
 * import { scatterSet, tensor } from '@dendrite/core';
 * await scatterSet(tensor([1, 2, 3]), tensor([0, 2], [2], 'int32'), tensor([9, 8])).toArray(); // [9, 2, 8]
 */
export function scatterSet(
  x: Tensor,
  indices: Tensor,
  updates: Tensor,
  { axis = 0 }: { readonly axis?: number } = {},
): Tensor {
  const { shape, runtime } = checked(x, 'scatterSet');
  const at = frontAxis('scatterSet', axis, shape);
  if (checked(indices, 'scatterSet').dtype !== 'int32')
    throw new DendriteError(
      'DTYPE',
      `scatterSet(): indices must be int32, got ${indices.dtype}. Cast them: cast(indices, 'int32').`,
    );
  const [before, after] = [shape.slice(0, at), shape.slice(at + 1)];
  const wanted = [...before, ...indices.shape, ...after];
  const given = checked(updates, 'scatterSet');
  if (given.dtype !== x.dtype)
    throw new DendriteError(
      'DTYPE',
      `scatterSet(): updates must be ${x.dtype} as x is, got ${given.dtype}. Cast them: cast(updates, '${x.dtype}').`,
    );
  if (given.shape.length !== wanted.length || given.shape.some((length, i) => length !== wanted[i]))
    throw new DendriteError(
      'SHAPE',
      `scatterSet(): updates must be [${wanted.join(', ')}] for x [${shape.join(', ')}] and indices [${indices.shape.join(', ')}] at axis ${at}, got [${given.shape.join(', ')}].`,
    );
  const length = shape[at] as number;
  const count = sizeOf(indices.shape);
  if (count === 0) return viewOf(x, shape, 0);
  return runInScope(() => {
    // Which update each place takes, counted from 1; 0: none. Of equal indices the last in order stands.
    const source = runtime.untracked(() => {
      const { values, indices: order } = sort(reshape(indices, [count]));
      const last = concat([
        notEqual(slice(values, { begin: [0], size: [count - 1] }), slice(values, { begin: [1] })),
        fill(runtime, { shape: [1], dtype: 'bool' }, 1),
      ]);
      return scatterAdd(where(last, add(order, 1), 0), values, { length });
    });
    const rows = gather(reshape(updates, [...before, count, ...after]), maximum(add(source, -1), 0), { axis: at });
    return where(reshape(less(0, source), [length, ...after.map(() => 1)]), rows, x);
  }, 'scatterSet');
}
