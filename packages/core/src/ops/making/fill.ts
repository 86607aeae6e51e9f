/** A tensor of one value, on any backend: an expression without inputs. */
import {
  type Attributes,
  type DType,
  defineOp,
  type ExpressionOp,
  type Runtime,
  type Shape,
  type Tensor,
} from '@dendrite/spec';
import { only } from '../expression/expression-op.ts';

const op: ExpressionOp = /*#__PURE__*/ defineOp<ExpressionOp>({
  '~dendrite': 'op',
  kind: 'expression',
  name: 'core/fill',
  infer: (_, attributes) => [{ shape: attributes.shape as readonly number[], dtype: attributes.dtype as DType }],
  expressions: (attributes) => [{ cast: attributes.dtype as DType, x: { argument: 0 } }],
  derivatives: 'zero',
});

export interface FillSpec<S extends Shape> {
  readonly shape: S;
  readonly dtype?: DType;
}
const attributesOf = new WeakMap<FillSpec<Shape>, Attributes>();

/**
 * `value` in every element, on a runtime that is named: what layers make their parameters by. `full` is for users.
 * @param spec  shape and dtype, default float32
 * @example
 * import { defaultRuntime, fill } from '@dendrite/core';
 * await fill(defaultRuntime(), { shape: [3] }, 0.5).toArray(); // [0.5, 0.5, 0.5]
 */
export function fill<const S extends Shape>(runtime: Runtime, spec: FillSpec<S>, value: number): Tensor<S> {
  // Specs of this engine are one object each, so their attributes are too, and the plan is found by reference.
  let attributes = attributesOf.get(spec);
  if (attributes === undefined) {
    attributes = { shape: spec.shape, dtype: spec.dtype ?? 'float32' };
    attributesOf.set(spec, attributes);
  }
  return only(runtime.run(op, [], attributes, [value])) as Tensor<S>;
}
