/** A tensor of one value, on any backend: an expression without inputs. */
import {
  type Attributes,
  type DType,
  defineOp,
  type ExpressionOp,
  type Runtime,
  type Tensor,
  type TensorSpec,
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

const attributesOf = new WeakMap<TensorSpec, Attributes>();

/** `value` in every element. Specs of this engine are one object each, so their attributes are too, and the plan is found by reference. */
export function fill(runtime: Runtime, spec: TensorSpec, value: number): Tensor {
  let attributes = attributesOf.get(spec);
  if (attributes === undefined) {
    attributes = { shape: spec.shape, dtype: spec.dtype };
    attributesOf.set(spec, attributes);
  }
  return only(runtime.run(op, [], attributes, [value]));
}
