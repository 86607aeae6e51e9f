/** Rows that are sums of shares of other rows: what resizing and pooling to any size are, along one axis. */
import { gather, mul, reshape, scatterAdd } from '@dendrite/core';
import { type CompositeOp, defineOp, type Tensor, type TensorSpec } from '@dendrite/spec';

/** One share: `y[to] += share · x[from]`. */
export interface Share {
  readonly to: number;
  readonly from: number;
  readonly share: number;
}

/**
 * Inputs x, then from and to (int32) and the shares, in the order of `to`; then the same the other way round, to and from and shares in
 * the order of `from`, which the gradient reads. Attributes axis and count, the length of the axis in the result.
 */
export const mixRowsOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'cnn/mix-rows',
  infer([x], { axis, count }) {
    const { shape, dtype } = x as TensorSpec;
    return [{ shape: shape.with(Number(axis), Number(count)), dtype }];
  },
  saves: { inputs: [1, 2, 3, 4, 5, 6] },
  gradient({ dy: [dy], input, spec, attributes }) {
    const [, ...others] = Array.from({ length: 7 }, () => null);
    if (!dy) return [null, ...others];
    const axis = Number(attributes.axis);
    const turned = [4, 5, 6, 1, 2, 3].map(input);
    const [dx = null] = dy.runtime.run(mixRowsOp, [dy, ...turned], { axis, count: spec(0).shape[axis] ?? 0 });
    return [dx, ...others];
  },
  decompose([x, from, to, shares], attributes) {
    if (!x || !from || !to || !shares) return [];
    const [axis, length] = [Number(attributes.axis), Number(attributes.count)];
    const weights = reshape(shares, [shares.size, ...x.shape.slice(axis + 1).map(() => 1)]);
    return [scatterAdd(mul(gather(x, from, { axis }), weights), to, { axis, length })];
  },
  kernels: { wasm: () => import('./mix-rows.wasm.ts').then((m) => m.mixRowsWasmKernel) },
});

/** `y[…, to, …] = Σ share · x[…, from, …]` along `axis`, which has `count` rows then; `shares` are in the order of `to`. */
export function mixRows(x: Tensor, axis: number, count: number, shares: readonly Share[]): Tensor {
  const lists = (ordered: readonly Share[], first: 'from' | 'to', second: 'from' | 'to'): readonly Tensor[] => [
    x.runtime.tensor(new Int32Array(ordered.map((each) => each[first]))),
    x.runtime.tensor(new Int32Array(ordered.map((each) => each[second]))),
    x.runtime.tensor(new Float64Array(ordered.map(({ share }) => share)), [ordered.length], x.dtype),
  ];
  const back = shares.toSorted((a, b) => a.from - b.from);
  const inputs = [x, ...lists(shares, 'from', 'to'), ...lists(back, 'to', 'from')];
  const [y = x] = x.runtime.run(mixRowsOp, inputs, { axis, count });
  return y;
}
