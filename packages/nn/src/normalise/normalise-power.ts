/** Root mean square normalisation of rows as an op: that of rows without their means. */
import { add, mean, mul, rsqrt, square, sub, sum } from '@dendrite/core';
import { type CompositeOp, defineOp } from '@dendrite/spec';
import { checkRows } from './normalise.ts';

const along = { axes: 1, keepDims: true };

/** Inputs x, scale, power, dy; outputs dx and dscale. */
const gradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'nn/normalise-power-gradient',
  infer([x, scale]) {
    const [rows, width] = checkRows('nn/normalise-power-gradient', x, [scale]);
    const dtype = x?.dtype ?? 'float32';
    return [
      { shape: [rows, width], dtype },
      { shape: [width], dtype },
    ];
  },
  saves: {},
  gradient: { none: 'the second derivative of RMS norm is not built' },
  decompose([x, scale, power, dy], { epsilon }) {
    if (!x || !scale || !power || !dy) return [];
    const root = rsqrt(add(power, Number(epsilon)));
    const standard = mul(x, root);
    const scaled = mul(dy, scale);
    const common = mul(standard, mean(mul(scaled, standard), along));
    return [mul(root, sub(scaled, common)), sum(mul(dy, standard), { axes: 0 })];
  },
  kernels: { wasm: () => import('./normalise-rows.wasm.ts').then((m) => m.normalisePowerGradientWasmKernel) },
});

/**
 * `y = x / √(power + epsilon) · scale`, power the mean square of each row of `[R, W]`. Outputs y, and power `[R, 1]` for the gradient.
 * @gradient  dx = (g − x̂ · mean(g · x̂)) / √(power + epsilon) with g = dy · scale; dscale = Σ dy · x̂ over rows
 */
export const normalisePowerOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'nn/normalise-power',
  visible: 1,
  infer([x, scale]) {
    const [rows, width] = checkRows('nn/normalise-power', x, [scale]);
    const dtype = x?.dtype ?? 'float32';
    return [
      { shape: [rows, width], dtype },
      { shape: [rows, 1], dtype },
    ];
  },
  saves: { inputs: [0, 1], outputs: [1] },
  gradient: ({ input, output, dy: [dy], attributes }) =>
    dy ? dy.runtime.run(gradientOp, [input(0), input(1), output(1), dy], attributes) : [null, null],
  decompose([x, scale], { epsilon }) {
    if (!x || !scale) return [];
    const power = mean(square(x), along);
    return [mul(mul(x, rsqrt(add(power, Number(epsilon)))), scale), power];
  },
  kernels: { wasm: () => import('./normalise-rows.wasm.ts').then((m) => m.normalisePowerWasmKernel) },
});
