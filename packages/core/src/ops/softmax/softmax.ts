/** Softmax and its logarithm. */
import { type Call, type CompositeOp, DendriteError, defineOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { div, sub } from '../expression/arithmetic.ts';
import { checked, only } from '../expression/expression-op.ts';
import { exp, log } from '../expression/mathematics.ts';
import { frontAxis } from '../option.ts';
import { max, sum } from '../reduce/reduce.ts';
import { sizeOf } from '../strides.ts';
import { transpose } from '../transpose/transpose.ts';
import { logSoftmaxGradientOp, softmaxGradientOp } from './softmax-gradient.ts';

const last = { axes: -1, keepDims: true };
const rule =
  (name: string) =>
  ([x]: readonly TensorSpec[]): readonly TensorSpec[] => {
    const spec = x as TensorSpec;
    if (spec.dtype !== 'float32' && spec.dtype !== 'float64')
      throw new DendriteError(
        'DTYPE',
        `${name}(): input must be float, got ${spec.dtype}. Cast it: cast(x, 'float32').`,
      );
    return [spec];
  };

/** Maximum, difference, exponential, sum and quotient of each element. */
const perElement = ({ inputs: [x] }: Call): number => 5 * sizeOf(x?.shape ?? []);

const softmaxOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'core/softmax',
  infer: rule('softmax'),
  flops: perElement,
  decompose: ([x]) => {
    const e = exp(sub(x as Tensor, max(x as Tensor, last)));
    return [div(e, sum(e, last))];
  },
  saves: { outputs: [0] },
  gradient: ({ dy: [d], output }) => [d ? only(d.runtime.run(softmaxGradientOp, [output(0), d])) : null],
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/softmax']),
    wasm: () => import('../network.wasm.ts').then((m) => m.softmaxWasmKernel),
  },
});

const logSoftmaxOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'core/log-softmax',
  infer: rule('logSoftmax'),
  flops: perElement,
  decompose: ([x]) => {
    const off = sub(x as Tensor, max(x as Tensor, last));
    return [sub(off, log(sum(exp(off), last)))];
  },
  saves: { outputs: [0] },
  gradient: ({ dy: [d], output }) => [d ? only(d.runtime.run(logSoftmaxGradientOp, [output(0), d])) : null],
  kernels: {
    js: () => import('../primitives.js-kernels.ts').then((m) => m.jsKernels['core/log-softmax']),
    wasm: () => import('../network.wasm.ts').then((m) => m.logSoftmaxWasmKernel),
  },
});

/** Runs an op of the last axis along any. */
function along(name: string, op: CompositeOp, x: Tensor, axis: number): Tensor {
  const { shape, runtime } = checked(x, name);
  const at = frontAxis(name, axis, shape);
  if (at === shape.length - 1) return only(runtime.run(op, [x]));
  const order = shape.map((_, i) => i).filter((i) => i !== at);
  order.push(at);
  return runInScope(
    () =>
      transpose(
        only(runtime.run(op, [transpose(x, order)])),
        order.map((_, i) => order.indexOf(i)),
      ),
    name,
  );
}

/**
 * Softmax: `yᵢ = e^(xᵢ − max) / Σⱼ e^(xⱼ − max)`; positive, adds up to 1.
 * @param options.axis  default: the last
 * @gradient  dx = y · (dy − Σ dy · y)
 * @throws DTYPE, OPTION
 * @example
 * import { softmax, tensor } from '@dendrite/core';
 * await softmax(tensor([0, Math.log(3)])).toArray(); // [0.25, 0.75]
 */
export const softmax = (x: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor =>
  along('softmax', softmaxOp, x, axis);

/**
 * Log-softmax: `yᵢ = xᵢ − max − ln Σⱼ e^(xⱼ − max)`, exact where softmax underflows.
 * @param options.axis  default: the last
 * @gradient  dx = dy − eʸ · Σ dy
 * @throws DTYPE, OPTION
 */
export const logSoftmax = (x: Tensor, { axis = -1 }: { readonly axis?: number } = {}): Tensor =>
  along('logSoftmax', logSoftmaxOp, x, axis);
