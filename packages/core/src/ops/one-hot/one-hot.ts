/** Codes as rows with a single 1. */
import { type CompositeOp, DendriteError, type DType, defineOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { cast } from '../cast/cast.ts';
import { equal } from '../expression/comparisons.ts';
import { checked, only } from '../expression/expression-op.ts';
import { whole } from '../option.ts';
import { expandDims } from '../reshape/reshape.ts';

/** Attributes classes and dtype. */
const op: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'core/one-hot',
  infer: ([codes], { classes, dtype }) => [
    { shape: [...(codes as TensorSpec).shape, Number(classes)], dtype: dtype as DType },
  ],
  decompose([codes], { classes, dtype }) {
    const { runtime } = codes as Tensor;
    const each = runtime.tensor(Int32Array.from({ length: Number(classes) }, (_, k) => k));
    return [cast(equal(expandDims(codes as Tensor, { axis: -1 }), each), dtype as DType)];
  },
  saves: {},
  gradient: 'zero',
  kernels: { wasm: () => import('./one-hot.wasm.ts').then((m) => m.oneHotWasmKernel) },
});

/**
 * `y[…, k] = (codes[…] = k)`; a code outside 0 … classes − 1 gives zeros.
 * @param codes  int32
 * @param options.classes  length of the new last axis
 * @param options.dtype  default float32
 * @throws DTYPE, OPTION
 * @example
 * import { oneHot, tensor } from '@dendrite/core';
 * await oneHot(tensor([1, 0], [2], 'int32'), { classes: 3 }).toArray(); // [[0, 1, 0], [1, 0, 0]]
 */
export function oneHot(
  codes: Tensor,
  { classes, dtype = 'float32' }: { readonly classes: number; readonly dtype?: DType },
): Tensor {
  const { runtime } = checked(codes, 'oneHot');
  if (codes.dtype !== 'int32')
    throw new DendriteError(
      'DTYPE',
      `oneHot(): codes must be int32, got ${codes.dtype}. Cast them: cast(codes, 'int32').`,
    );
  whole('oneHot', 'classes', classes, 1);
  return only(runtime.run(op, [codes], { classes, dtype }));
}
