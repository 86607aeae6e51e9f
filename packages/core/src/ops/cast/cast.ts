/** Change of dtype, element by element. */
import type { DType, ExpressionOp, Shape, Tensor } from '@dendrite/spec';
import { checked, expressionOp, only } from '../expression/expression-op.ts';
import { castTo, input } from '../expression/formula.ts';

const ops = new Map<string, ExpressionOp>();
/** One op for each pair of dtypes, because the gradient casts back. */
export function castOp(from: DType, to: DType): ExpressionOp {
  const name = `core/cast-${from}-${to}` as const;
  let op = ops.get(name);
  if (op === undefined) {
    const floats = (from === 'float32' || from === 'float64') && (to === 'float32' || to === 'float64');
    op = expressionOp({
      name,
      inputs: 1,
      expressions: [castTo(to, input(0))],
      derivatives: floats ? [castTo(from, input(2))] : 'zero',
    });
    ops.set(name, op);
  }
  return op;
}

/**
 * The same numbers as another dtype; to an integer dtype towards zero, to bool true where not 0. NaN becomes 0 as an integer.
 * @gradient  between float dtypes the cotangent is cast back; through integers and bools nothing flows
 * @throws DTYPE  if the backend does not have `dtype`
 */
export function cast<S extends Shape>(x: Tensor<S>, dtype: DType): Tensor<S> {
  return only(checked(x, 'cast').runtime.run(castOp(x.dtype, dtype), [x])) as Tensor<S>;
}
