/** Stretched axes. */
import { DendriteError, defineOp, type PrimitiveOp, type Shape, type Tensor, type TensorSpec } from '@dendrite/spec';
import { broadcastRule } from '../expression/broadcast-rule.ts';
import { checked, only } from '../expression/expression-op.ts';
import { sumTo } from '../reduce/sum-to.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/broadcast',
  infer: ([x], attributes) => {
    const { shape, dtype } = x as TensorSpec;
    const to = attributes.shape as Shape;
    const joined = broadcastRule('broadcastTo', [shape, to]);
    if (joined.length !== to.length || joined.some((length, axis) => length !== to[axis]))
      throw new DendriteError(
        'SHAPE',
        `broadcastTo(): only axes of length 1 can be stretched, got [${shape.join(', ')}] to [${to.join(', ')}].`,
      );
    return [{ shape: to, dtype }];
  },
  saves: {},
  gradient: ({ dy: [d], spec }) => [d ? sumTo(d, spec(0).shape) : null],
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/broadcast']),
    wasm: () => import('../network.wasm.ts').then((m) => m.broadcastWasmKernel),
  },
});

/** `x` stretched to `shape` by NumPy's rule. @gradient the sum over stretched axes @throws SHAPE */
export const broadcastTo = <const S extends Shape>(x: Tensor, shape: S): Tensor<S> =>
  only(checked(x, 'broadcastTo').runtime.run(op, [x], { shape })) as Tensor<S>;
