/** Elements along one axis by indices of their own: what `sort().indices` and `argMax` speak of. */
import { DendriteError, type Expression, type Shape, type Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { add } from '../expression/arithmetic.ts';
import { checked, expressionOp, only } from '../expression/expression-op.ts';
import { argument, f, input, where } from '../expression/formula.ts';
import { gather, scatterAdd } from '../gather/gather.ts';
import { frontAxis } from '../option.ts';
import { reshape } from '../reshape/reshape.ts';
import { scatterSet } from '../scatter-set/scatter-set.ts';
import { aroundAxis, sizeOf } from '../strides.ts';
import { namingIndices } from './naming-indices.ts';

const index: Expression = input(0);
/** `start + index · inner` where the index lies inside its axis; −1, which `gather` refuses, elsewhere. */
const placeOp = /*#__PURE__*/ expressionOp({
  name: 'core/place-along-axis',
  inputs: 2,
  expressions: [where(f.and(f.le(0, index), f.lt(index, argument(0))), f.add(input(1), f.mul(index, argument(1))), -1)],
  derivatives: 'zero',
});

/** Places of `indices` in the flat tensor, as a vector. */
function placesOf(operation: string, x: Shape, indices: Tensor, axis: number): Tensor {
  const { shape, dtype, runtime } = checked(indices, operation);
  if (dtype !== 'int32')
    throw new DendriteError(
      'DTYPE',
      `${operation}(): indices must be int32, got ${dtype}. Cast them: cast(indices, 'int32').`,
    );
  if (shape.length !== x.length || shape.some((length, i) => i !== axis && length !== x[i]))
    throw new DendriteError(
      'SHAPE',
      `${operation}(): indices must have the shape of x [${x.join(', ')}] but for axis ${axis}, got [${shape.join(', ')}]. To take the same rows for all, use gather().`,
    );
  const [outer, length, inner] = aroundAxis(x, axis);
  const starts = Int32Array.from(
    { length: outer * inner },
    (_, i) => Math.floor(i / inner) * length * inner + (i % inner),
  );
  const count = shape[axis] as number;
  const places = runtime.run(
    placeOp,
    [reshape(indices, [outer, count, inner]), runtime.tensor(starts, [outer, 1, inner])],
    {},
    [length, inner],
  );
  return reshape(only(places), [outer * count * inner]);
}

/**
 * `y[…, i, …] = x[…, indices[…, i, …], …]` along `axis`: each row by its own indices.
 * @param indices  int32 in the shape of `x` but for `axis`, each from 0 to the axis' length − 1
 * @param options.axis  default −1
 * @returns  in the indices' shape
 * @gradient  each cotangent is added where its element was taken
 * @throws DTYPE, SHAPE, OPTION; an index that is out of range throws on host-visible backends
 * @example
 * import { argMax, expandDims, takeAlongAxis, tensor } from '@dendrite/core';
 * const scores = tensor([[1, 3, 2], [9, 7, 8]]);
 * const best = expandDims(argMax(scores), { axis: -1 });
 * await takeAlongAxis(scores, best).toArray(); // [[3], [9]]
 */
export function takeAlongAxis(x: Tensor, indices: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor {
  const at = frontAxis('takeAlongAxis', axis, checked(x, 'takeAlongAxis').shape);
  return runInScope(() => {
    const places = placesOf('takeAlongAxis', x.shape, indices, at);
    const taken = namingIndices('takeAlongAxis', indices, x.shape[at] ?? 0, () => gather(reshape(x, [x.size]), places));
    return reshape(taken, indices.shape);
  }, 'takeAlongAxis');
}

/**
 * `x` with `updates[…, i, …]` at `indices[…, i, …]` along `axis`: the counterpart of `takeAlongAxis`.
 * @param indices  int32 in the shape of `x` but for `axis`
 * @param updates  in the indices' shape
 * @param options.axis  default −1
 * @param options.mode  `'set'` (default): of several for one place the last stands; `'add'`: all are added to it
 * @gradient  dupdates = the cotangent where an update stands; dx = the cotangent, with `'set'` zero there
 * @throws DTYPE, SHAPE, OPTION; an index that is out of range throws on host-visible backends
 * @example
 * import { putAlongAxis, tensor, zeros } from '@dendrite/core';
 * const at = tensor([[1], [0]], [2, 1], 'int32');
 * await putAlongAxis(zeros([2, 2]), at, tensor([[5], [6]])).toArray(); // [[0, 5], [6, 0]]
 */
export function putAlongAxis(
  x: Tensor,
  indices: Tensor,
  updates: Tensor,
  { axis = -1, mode = 'set' }: { readonly axis?: number; readonly mode?: 'set' | 'add' } = {},
): Tensor {
  const at = frontAxis('putAlongAxis', axis, checked(x, 'putAlongAxis').shape);
  if (mode !== 'set' && mode !== 'add')
    throw new DendriteError('OPTION', `putAlongAxis(): mode must be 'set' or 'add', got '${String(mode)}'.`);
  const { shape } = checked(updates, 'putAlongAxis');
  return runInScope(() => {
    const places = placesOf('putAlongAxis', x.shape, indices, at);
    if (shape.length !== indices.shape.length || shape.some((length, i) => length !== indices.shape[i]))
      throw new DendriteError(
        'SHAPE',
        `putAlongAxis(): updates must have the indices' shape [${indices.shape.join(', ')}], got [${shape.join(', ')}].`,
      );
    const flat = reshape(x, [x.size]);
    const values = reshape(updates, [sizeOf(shape)]);
    const made = namingIndices('putAlongAxis', indices, x.shape[at] ?? 0, () =>
      mode === 'set' ? scatterSet(flat, places, values) : add(flat, scatterAdd(values, places, { length: x.size })),
    );
    return reshape(made, x.shape);
  }, 'putAlongAxis');
}
