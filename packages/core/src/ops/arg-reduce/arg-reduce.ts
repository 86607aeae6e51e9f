/** Where the largest or smallest element is. */
import {
  DendriteError,
  defineOp,
  type HostArray,
  type JsKernel,
  type PrimitiveOp,
  type Tensor,
  type TensorSpec,
} from '@dendrite/spec';
import { checked, only } from '../expression/expression-op.ts';
import { frontAxis } from '../option.ts';
import { aroundAxis, shapeOf } from '../strides.ts';

const kernel: JsKernel = {
  language: 'js',
  prepare: ({ inputs: [x], attributes }) => {
    const [outer, length, inner] = aroundAxis(shapeOf(x), attributes.axis as number);
    const sign = attributes.kind === 'max' ? 1 : -1;
    return ([output], [input]) => {
      const from = input as HostArray;
      const to = output as HostArray;
      for (let o = 0; o < outer; o++)
        for (let i = 0; i < inner; i++) {
          const start = o * length * inner + i;
          let at = 0;
          let best = sign * (from[start] as number);
          for (let k = 1, p = start + inner; k < length && !Number.isNaN(best); k++, p += inner) {
            const value = sign * (from[p] as number);
            if (!(value <= best)) {
              best = value;
              at = k;
            }
          }
          to[o * inner + i] = at;
        }
    };
  },
};

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
  kernels: { js: kernel, wasm: () => import('../network.wasm.ts').then((m) => m.argReduceWasmKernel) },
});

const argReduce = (name: string, kind: 'max' | 'min', x: Tensor, axis: number): Tensor =>
  only(checked(x, name).runtime.run(op, [x], { kind, axis: frontAxis(name, axis, x.shape) }));

/** Index of the largest element along `axis` (default: the last), int32; the first of equals; the first NaN if there is one. @throws OPTION, SHAPE */
export const argMax = (x: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor =>
  argReduce('argMax', 'max', x, axis);
/** Index of the smallest element along `axis` (default: the last), int32; the first of equals; the first NaN if there is one. @throws OPTION, SHAPE */
export const argMin = (x: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor =>
  argReduce('argMin', 'min', x, axis);
