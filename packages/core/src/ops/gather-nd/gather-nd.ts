/** Elements, or blocks of them, by index vectors over the first axes; and their transpose. */
import { DendriteError, type Shape, type Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { mul } from '../expression/arithmetic.ts';
import { greaterEqual, less, logicalAnd } from '../expression/comparisons.ts';
import { checked } from '../expression/expression-op.ts';
import { gather, scatterAdd } from '../gather/gather.ts';
import { whole } from '../option.ts';
import { all, sum } from '../reduce/reduce.ts';
import { reshape } from '../reshape/reshape.ts';
import { sizeOf, stridesOf } from '../strides.ts';
import { where } from '../where/where.ts';

/** How many axes an index vector names. @throws DTYPE, SHAPE */
function depthOf(operation: string, indices: Tensor, shape: Shape): number {
  const { shape: given, dtype } = checked(indices, operation);
  if (dtype !== 'int32')
    throw new DendriteError(
      'DTYPE',
      `${operation}(): indices must be int32, got ${dtype}. Cast them: cast(indices, 'int32').`,
    );
  const depth = given.at(-1);
  if (depth === undefined || depth < 1 || depth > shape.length)
    throw new DendriteError(
      'SHAPE',
      `${operation}(): indices must be [..., depth] with a depth from 1 to ${shape.length} for shape [${shape.join(', ')}], got [${given.join(', ')}].`,
    );
  return depth;
}

/** The index vectors as places among the first axes taken together; −1 for one that is outside. */
function placesOf(indices: Tensor, lengths: Shape): Tensor {
  const { runtime, shape } = indices;
  const row = (values: readonly number[]): Tensor => runtime.tensor(Int32Array.from(values), [values.length]);
  const inside = all(logicalAnd(greaterEqual(indices, 0), less(indices, row(lengths))), { axes: -1 });
  const places = sum(mul(indices, row(stridesOf(lengths))), { axes: -1 });
  return reshape(where(inside, places, -1), shape.slice(0, -1));
}

/**
 * `y[i…, …] = x[indices[i…, 0], …, indices[i…, depth − 1], …]`: a block of `x` for each index vector.
 * @param indices  int32 `[…, depth]`
 * @returns  the indices' shape without its last axis, then the axes of `x` behind `depth`
 * @gradient  scatterNd of the cotangent
 * @throws DTYPE, SHAPE; an index that is out of range throws on host-visible backends
 * @example
 * import { gatherNd, tensor } from '@dendrite/core';
 * const board = tensor([[1, 2], [3, 4]]);
 * await gatherNd(board, tensor([[0, 1], [1, 0]], [2, 2], 'int32')).toArray(); // [2, 3]
 */
export function gatherNd(x: Tensor, indices: Tensor): Tensor {
  const { shape } = checked(x, 'gatherNd');
  const depth = depthOf('gatherNd', indices, shape);
  const lengths = shape.slice(0, depth);
  return runInScope(
    () => gather(reshape(x, [sizeOf(lengths), ...shape.slice(depth)]), placesOf(indices, lengths)),
    'gatherNd',
  );
}

/**
 * The transpose of gatherNd: zeros of `shape`, to which each block of `updates` is added at its index vector.
 * @param updates  `[…, the axes of shape behind depth]`
 * @param indices  int32 `[…, depth]`
 * @param options.shape  of the result
 * @gradient  gatherNd of the cotangent
 * @throws DTYPE, SHAPE, OPTION; an index that is out of range throws on host-visible backends
 * @example
 * import { scatterNd, tensor } from '@dendrite/core';
 * const places = tensor([[0, 1], [0, 1]], [2, 2], 'int32');
 * await scatterNd(tensor([5, 6]), places, { shape: [1, 2] }).toArray(); // [[0, 11]]
 */
export function scatterNd(updates: Tensor, indices: Tensor, { shape }: { readonly shape: Shape }): Tensor {
  for (const length of shape) whole('scatterNd', 'each length of shape', length);
  const depth = depthOf('scatterNd', indices, shape);
  const [lengths, rest] = [shape.slice(0, depth), shape.slice(depth)];
  const wanted = [...indices.shape.slice(0, -1), ...rest];
  const given = checked(updates, 'scatterNd').shape;
  if (given.length !== wanted.length || given.some((length, i) => length !== wanted[i]))
    throw new DendriteError(
      'SHAPE',
      `scatterNd(): updates must be [${wanted.join(', ')}] for indices [${indices.shape.join(', ')}] and shape [${shape.join(', ')}], got [${given.join(', ')}].`,
    );
  return runInScope(() => {
    const count = sizeOf(wanted.slice(0, wanted.length - rest.length));
    const places = reshape(placesOf(indices, lengths), [count]);
    const rows = scatterAdd(reshape(updates, [count, sizeOf(rest)]), places, { length: sizeOf(lengths) });
    return reshape(rows, shape);
  }, 'scatterNd');
}
