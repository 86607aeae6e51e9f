/** The largest few along an axis. */
import { DendriteError, type Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { checked } from '../expression/expression-op.ts';
import { frontAxis, whole } from '../option.ts';
import { slice } from '../slice/slice.ts';
import { sort } from '../sort/sort.ts';

export interface TopKOptions {
  /** How many, from 0 to the axis' length. */
  readonly k: number;
  /** Default: the last. */
  readonly axis?: number;
  /** The smallest instead. Default false. */
  readonly smallest?: boolean;
}

/**
 * The `k` largest elements along an axis, largest first; equal ones in their order, NaN last.
 * @returns  `values`, and the int32 `indices` they had
 * @gradient  each cotangent goes back to where its value was
 * @throws OPTION
 * @complexity  a sort of each row
 * @example
 * import { tensor, topK } from '@dendrite/core';
 * const { values, indices } = topK(tensor([3, 9, 5]), { k: 2 });
 * await values.toArray(); // [9, 5]
 * await indices.toArray(); // [1, 2]
 */
export function topK(
  x: Tensor,
  { k, axis = -1, smallest = false }: TopKOptions,
): { readonly values: Tensor; readonly indices: Tensor } {
  const { shape } = checked(x, 'topK');
  const at = frontAxis('topK', axis, shape);
  const length = shape[at] as number;
  if (whole('topK', 'k', k) > length)
    throw new DendriteError(
      'OPTION',
      `topK(): k must be at most the length of axis ${at}, ${length}, got ${k}. Use a smaller k.`,
    );
  return runInScope(() => {
    const { values, indices } = sort(x, { axis: at, descending: !smallest });
    const first = (whole: Tensor): Tensor =>
      slice(whole, { begin: [], size: shape.map((all, i) => (i === at ? k : all)) });
    return { values: first(values), indices: first(indices) };
  }, 'topK');
}
