/** Cross-entropy of integer codes as an op with a gradient op of its own: one pass over the logits each way. */
import { equal, expandDims, logSoftmax, mul, neg, softmax, sub, sum, where } from '@dendrite/core';
import { type Call, type CompositeOp, DendriteError, defineOp, type Tensor, type TensorSpec } from '@dendrite/spec';
import { rowWeights } from './row-weights.ts';

const owner = 'softmaxCrossEntropy()';

/** @throws SHAPE, DTYPE */
function check(
  logits: TensorSpec | undefined,
  codes: TensorSpec | undefined,
  weights: TensorSpec | undefined,
): readonly [number, TensorSpec] {
  const [rows, classes] = logits?.shape ?? [];
  if (!logits || !codes || logits.shape.length !== 2 || rows === undefined || classes === undefined || classes < 1)
    throw new DendriteError(
      'SHAPE',
      `${owner}: logits must be [rows, classes], got [${logits?.shape.join(', ') ?? ''}].`,
    );
  if (logits.dtype !== 'float32' && logits.dtype !== 'float64')
    throw new DendriteError('DTYPE', `${owner}: logits must be float32 or float64, got ${logits.dtype}. Cast them.`);
  if (codes.dtype !== 'int32')
    throw new DendriteError(
      'DTYPE',
      `${owner}: codes must be int32, got ${codes.dtype}. Write cast(codes, 'int32'), or give soft targets in the logits' shape.`,
    );
  if (codes.shape.length !== 1 || codes.shape[0] !== rows)
    throw new DendriteError(
      'SHAPE',
      `${owner}: codes must be one a row of the logits [${rows}, ${classes}], got [${codes.shape.join(', ')}].`,
    );
  if (weights && (weights.shape.length !== 1 || weights.shape[0] !== classes || weights.dtype !== logits.dtype))
    throw new DendriteError(
      'SHAPE',
      `${owner}: classWeights must be ${logits.dtype} [${classes}], got ${weights.dtype} [${weights.shape.join(', ')}].`,
    );
  return [rows, logits];
}

/** Maximum, difference, exponential, sum and target of each logit. */
const perLogit = ({ inputs: [logits] }: Call): number =>
  5 * (logits?.shape ?? []).reduce((product, length) => product * length, 1);

/** Inputs logits `[N, K]`, codes int32 `[N]`, optional weights `[K]`; output the loss of each row, `[N]`. */
export const softmaxCrossEntropyOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'nn/softmax-cross-entropy',
  infer([logits, codes, weights]) {
    const [rows, { dtype }] = check(logits, codes, weights);
    return [{ shape: [rows], dtype }];
  },
  flops: perLogit,
  saves: { inputs: [0, 1, 2] },
  gradient({ input, dy: [dy], needs, attributes }) {
    if (!dy) return [null, null, null];
    if (needs[2])
      throw new DendriteError(
        'OPTION',
        `${owner}: classWeights must be constants, got ones that are differentiated. Put stopGradient around them.`,
      );
    const inputs = needs.length > 2 ? [input(0), input(1), dy, input(2)] : [input(0), input(1), dy];
    return [...dy.runtime.run(softmaxCrossEntropyGradientOp, inputs, attributes), null, null];
  },
  decompose([logits, codes, weights], attributes) {
    if (!logits || !codes) return [];
    const shares = rowWeights(logits, codes, weights, attributes);
    // A class without a share may have a logit of −∞, and 0·∞ is NaN.
    return [neg(sum(where(equal(shares, 0), 0, mul(shares, logSoftmax(logits))), { axes: 1 }))];
  },
  kernels: {
    js: () => import('./softmax-cross-entropy.js-kernel.ts').then((m) => m.softmaxCrossEntropyJsKernel),
    wasm: () => import('./softmax-cross-entropy.wasm.ts').then((m) => m.softmaxCrossEntropyWasmKernel),
  },
});

/** Inputs logits `[N, K]`, codes `[N]`, dy `[N]`, optional weights `[K]`; output dlogits. */
export const softmaxCrossEntropyGradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'nn/softmax-cross-entropy-gradient',
  infer([logits, codes, dy, weights]) {
    const [rows, spec] = check(logits, codes, weights);
    if (dy?.dtype !== spec.dtype || dy.shape.length !== 1 || dy.shape[0] !== rows)
      throw new DendriteError(
        'SHAPE',
        `${owner}: its cotangent must be ${spec.dtype} [${rows}], got ${dy?.dtype ?? 'nothing'} [${dy?.shape.join(', ') ?? ''}].`,
      );
    return [spec];
  },
  flops: perLogit,
  saves: { inputs: [0, 1, 2, 3] },
  // dlogits = dy · (Σ shares · softmax − shares), so its own gradients are those of the softmax, and a product with what stands beside dy.
  gradient({ input, dy: [given], needs, attributes }) {
    if (!given) return needs.map(() => null);
    const [logits, codes, dy] = [input(0), input(1), input(2)];
    const shares = rowWeights(logits, codes, needs.length > 3 ? input(3) : undefined, attributes);
    const all = sum(shares, { axes: 1, keepDims: true });
    const probabilities = softmax(logits);
    const counted = (x: Tensor): Tensor => where(equal(all, 0), 0, x);
    const inner = sum(mul(probabilities, given), { axes: 1, keepDims: true });
    const dlogits = mul(mul(mul(all, expandDims(dy, { axis: 1 })), probabilities), sub(given, inner));
    const ddy = sum(counted(mul(given, sub(mul(all, probabilities), shares))), { axes: 1 });
    return [counted(dlogits), null, ddy, ...needs.slice(3).map(() => null)];
  },
  decompose([logits, codes, dy, weights], attributes) {
    if (!logits || !codes || !dy) return [];
    const shares: Tensor = rowWeights(logits, codes, weights, attributes);
    const all = sum(shares, { axes: 1, keepDims: true });
    const step = mul(sub(mul(all, softmax(logits)), shares), expandDims(dy, { axis: 1 }));
    // A row that does not count is not read, and 0 · NaN is NaN.
    return [where(equal(all, 0), 0, step)];
  },
  kernels: {
    js: () => import('./softmax-cross-entropy.js-kernel.ts').then((m) => m.softmaxCrossEntropyGradientJsKernel),
    wasm: () => import('./softmax-cross-entropy.wasm.ts').then((m) => m.softmaxCrossEntropyGradientWasmKernel),
  },
});
