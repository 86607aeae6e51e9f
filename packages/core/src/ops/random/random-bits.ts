/** Random bits, the primitive under every random op: element i is word i mod 2 of Threefry-2x32(key, (⌊i / 2⌋, counter)). */
import { DendriteError, defineOp, type Key, type PrimitiveOp, type Shape, type Tensor } from '@dendrite/spec';
import { only } from '../expression/expression-op.ts';

const op: PrimitiveOp = /*#__PURE__*/ defineOp<PrimitiveOp>({
  '~dendrite': 'op',
  kind: 'primitive',
  name: 'core/random-bits',
  infer: ([counter], attributes) => {
    if (counter !== undefined && (counter.dtype !== 'int32' || counter.shape.length > 0))
      throw new DendriteError(
        'DTYPE',
        `key.at(): counter must be an int32 scalar, got ${counter.dtype} of shape [${counter.shape.join(', ')}]. Make it with runtime.tensor(step, [], 'int32').`,
      );
    return [{ shape: attributes.shape as Shape, dtype: 'int32' }];
  },
  saves: {},
  gradient: 'zero',
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/random-bits']),
    wasm: () => import('../network.wasm.ts').then((m) => m.randomBitsWasmKernel),
  },
});

/** int32 tensor of random bits. */
export const randomBits = (key: Key, shape: Shape): Tensor =>
  only(key.runtime.run(op, key.counter ? [key.counter] : [], { shape }, key.words));
