/** Elements repeated one by one. */
import { DendriteError, type Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { broadcastTo } from '../broadcast/broadcast-to.ts';
import { checked } from '../expression/expression-op.ts';
import { gather } from '../gather/gather.ts';
import { frontAxis, whole } from '../option.ts';
import { reshape } from '../reshape/reshape.ts';

/**
 * Each element along `axis` as often as `repeats` says, copies side by side; `tile` repeats the whole instead.
 * @param repeats  a number for all, or one for each element of the axis; whole, ≥ 0
 * @param options.axis  default 0
 * @gradient  the sum over the copies
 * @throws OPTION
 * @example
 * import { repeat, tensor } from '@dendrite/core';
 * await repeat(tensor([1, 2]), 2).toArray(); // [1, 1, 2, 2]
 * await repeat(tensor([1, 2, 3]), [0, 1, 2]).toArray(); // [2, 3, 3]
 */
export function repeat(
  x: Tensor,
  repeats: number | readonly number[],
  { axis = 0 }: { readonly axis?: number } = {},
): Tensor {
  const { shape, runtime } = checked(x, 'repeat');
  const at = frontAxis('repeat', axis, shape);
  const length = shape[at] as number;
  const [before, after] = [shape.slice(0, at), shape.slice(at + 1)];
  if (typeof repeats === 'number') {
    whole('repeat', 'repeats', repeats);
    return runInScope(
      () =>
        reshape(broadcastTo(reshape(x, [...before, length, 1, ...after]), [...before, length, repeats, ...after]), [
          ...before,
          length * repeats,
          ...after,
        ]),
      'repeat',
    );
  }
  if (repeats.length !== length)
    throw new DendriteError(
      'OPTION',
      `repeat(): repeats must be one number, or one for each of the ${length} elements of axis ${at}, got ${repeats.length} numbers.`,
    );
  const from = repeats.flatMap((times, i) => new Array<number>(whole('repeat', 'each of repeats', times)).fill(i));
  return runInScope(() => gather(x, runtime.tensor(Int32Array.from(from), [from.length]), { axis: at }), 'repeat');
}
