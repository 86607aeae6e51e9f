/** Choice by a condition. */
import type { Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { checked, expressionOp, fitting, only } from '../expression/expression-op.ts';
import { where as choose, input } from '../expression/formula.ts';
import { fill } from '../making/fill.ts';

const op = /*#__PURE__*/ expressionOp({
  name: 'core/where',
  inputs: 3,
  expressions: [choose(input(0), input(1), input(2))],
  derivatives: [null, choose(input(0), input(4), 0), choose(input(0), 0, input(4))],
});

/**
 * `condition ? a : b`, element by element, with broadcasting.
 * @param condition  bool
 * @param a  A tensor, or a number of `b`'s dtype.
 * @param b  A tensor, or a number of `a`'s dtype.
 * @gradient  da = condition ? dy : 0, db = condition ? 0 : dy
 * @throws SHAPE, DTYPE
 * @example
 * import { less, tensor, where } from '@dendrite/core';
 * const x = tensor([-1, 2]);
 * await where(less(x, 0), 0, x).toArray(); // [0, 2]
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const { runtime } = checked(condition, 'where');
  const dtype =
    typeof a !== 'number' ? checked(a, 'where').dtype : typeof b !== 'number' ? checked(b, 'where').dtype : 'float32';
  const tensor = (value: Tensor | number): Tensor =>
    typeof value === 'number' ? fill(runtime, { shape: [], dtype }, fitting('where', value, dtype)) : value;
  if (typeof a !== 'number' && typeof b !== 'number') return only(runtime.run(op, [condition, a, b]));
  return runInScope(() => only(runtime.run(op, [condition, tensor(a), tensor(b)])), 'where');
}
