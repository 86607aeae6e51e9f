/** Permuted axes. */
import { DendriteError, defineOp, type PrimitiveOp, type Tensor } from '@dendrite/spec';
import { checked, only } from '../expression/expression-op.ts';
import { frontAxis } from '../option.ts';
import { viewOf } from '../reshape/reshape.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/transpose',
  infer: ([x], attributes) => {
    const spec = x as Tensor;
    return [
      { shape: (attributes.axes as readonly number[]).map((axis) => spec.shape[axis] as number), dtype: spec.dtype },
    ];
  },
  saves: {},
  gradient: ({ dy: [d], attributes }) => {
    const axes = attributes.axes as readonly number[];
    return [
      d
        ? transpose(
            d,
            axes.map((_, axis) => axes.indexOf(axis)),
          )
        : null,
    ];
  },
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/transpose']),
    wasm: () => import('../network.wasm.ts').then((m) => m.transposeWasmKernel),
  },
});

/**
 * Permuted axes: axis `i` of the result is axis `axes[i]` of `x`.
 * @param axes  default: all reversed, so a matrix is transposed
 * @gradient  the cotangent with the inverse permutation
 * @throws OPTION  if `axes` does not name each axis once
 * @example
 * import { ones, tensor, transpose } from '@dendrite/core';
 * await transpose(tensor([[1, 2], [3, 4]])).toArray(); // [[1, 3], [2, 4]]
 * transpose(ones([2, 5, 3, 4]), [0, 2, 1, 3]).shape; // [2, 3, 5, 4]
 */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  const { shape } = checked(x, 'transpose');
  const order =
    axes === undefined
      ? shape.map((_, axis) => shape.length - 1 - axis)
      : axes.map((axis) => frontAxis('transpose', axis, shape));
  if (order.length !== shape.length || new Set(order).size !== order.length)
    throw new DendriteError(
      'OPTION',
      `transpose(): axes must name each of the ${shape.length} axes once, got [${(axes ?? []).join(', ')}].`,
    );
  if (order.every((axis, i) => axis === i)) return viewOf(x, shape, 0);
  return only(x.runtime.run(op, [x], { axes: order }));
}
