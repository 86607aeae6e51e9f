/** Random bits, the primitive under every random op: element i is word i mod 2 of Threefry-2x32(key, (⌊i / 2⌋, counter)). */
import { threefry2x32 } from '@dendrite/random';
import {
  DendriteError,
  defineOp,
  type HostArray,
  type JsKernel,
  type Key,
  type PrimitiveOp,
  type Shape,
  type Tensor,
} from '@dendrite/spec';
import { only } from '../expression/expression-op.ts';
import { shapeOf, sizeOf } from '../strides.ts';

const kernel: JsKernel = {
  language: 'js',
  prepare: ({ outputs: [y] }) => {
    const size = sizeOf(shapeOf(y));
    return ([output], inputs, args) => {
      const to = output as HostArray;
      const [key0 = 0, key1 = 0] = args;
      const counter = inputs.length > 0 ? ((inputs[0] as HostArray)[0] as number) >>> 0 : 0;
      for (let i = 0; i < size; i += 2) {
        const [first, second] = threefry2x32(key0, key1, i >>> 1, counter);
        to[i] = first | 0;
        if (i + 1 < size) to[i + 1] = second | 0;
      }
    };
  },
};

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
  kernels: { js: kernel, wasm: () => import('../network.wasm.ts').then((m) => m.randomBitsWasmKernel) },
});

/** int32 tensor of random bits. */
export const randomBits = (key: Key, shape: Shape): Tensor =>
  only(key.runtime.run(op, key.counter ? [key.counter] : [], { shape }, key.words));
