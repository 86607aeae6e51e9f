/** Where the largest or smallest element is. */
import { DendriteError, defineOp, type PrimitiveOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { checked, only } from '../expression/expression-op.ts';
import { frontAxis } from '../option.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/arg-reduce',
  infer: ([x], attributes) => {
    const { shape } = x as TensorSpec;
    const axis = attributes.axis as number;
    if (shape[axis] === 0)
      throw new DendriteError(
        'SHAPE',
        `${attributes.kind === 'max' ? 'argMax' : 'argMin'}(): the axis must have elements, got shape [${shape.join(', ')}] at axis ${axis}.`,
      );
    return [{ shape: shape.filter((_, i) => i !== axis), dtype: 'int32' }];
  },
  saves: {},
  gradient: 'zero',
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/arg-reduce']),
    wasm: () => import('../network.wasm.ts').then((m) => m.argReduceWasmKernel),
  },
});

const argReduce = (name: string, kind: 'max' | 'min', x: Tensor, axis: number): Tensor =>
  only(checked(x, name).runtime.run(op, [x], { kind, axis: frontAxis(name, axis, x.shape) }));

/** Index of the largest element along `axis` (default: the last), int32; the first of equals; the first NaN if there is one. @throws OPTION, SHAPE */
export const argMax = (x: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor =>
  argReduce('argMax', 'max', x, axis);
/** Index of the smallest element along `axis` (default: the last), int32; the first of equals; the first NaN if there is one. @throws OPTION, SHAPE */
export const argMin = (x: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor =>
  argReduce('argMin', 'min', x, axis);
