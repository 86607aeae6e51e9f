/** The gradients of softmax and its logarithm as ops, from what both keep: their output. */
import { type CompositeOp, defineOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { mul, sub } from '../expression/arithmetic.ts';
import { only } from '../expression/expression-op.ts';
import { exp } from '../expression/mathematics.ts';
import { sum } from '../reduce/reduce.ts';

const last = { axes: -1, keepDims: true };
const total = (x: Tensor): Tensor => sum(x, last);

/** Inputs y and dy; `dx = y · (dy − Σ dy · y)` along the last axis. */
export const softmaxGradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'core/softmax-gradient',
  infer: ([y]) => [y as TensorSpec],
  decompose([y, dy]) {
    if (!y || !dy) return [];
    return [mul(y, sub(dy, total(mul(dy, y))))];
  },
  saves: { inputs: [0, 1] },
  gradient({ dy: [d], input }) {
    if (!d) return [null, null];
    const [y, dy] = [input(0), input(1)];
    const ofY = sub(mul(d, sub(dy, total(mul(dy, y)))), mul(dy, total(mul(d, y))));
    return [ofY, only(d.runtime.run(softmaxGradientOp, [y, d]))];
  },
  kernels: { wasm: () => import('../network.wasm.ts').then((m) => m.softmaxGradientWasmKernel) },
});

/** Inputs y and dy; `dx = dy − eʸ · Σ dy` along the last axis. */
export const logSoftmaxGradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'core/log-softmax-gradient',
  infer: ([y]) => [y as TensorSpec],
  decompose([y, dy]) {
    if (!y || !dy) return [];
    return [sub(dy, mul(exp(y), total(dy)))];
  },
  saves: { inputs: [0, 1] },
  gradient({ dy: [d], input }) {
    if (!d) return [null, null];
    const weighted = mul(d, exp(input(0)));
    return [mul(mul(weighted, total(input(1))), -1), sub(d, total(weighted))];
  },
  kernels: { wasm: () => import('../network.wasm.ts').then((m) => m.logSoftmaxGradientWasmKernel) },
});
