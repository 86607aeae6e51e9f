/** Attention as an op with a gradient op of its own: probabilities are computed again on the way back, so that none are kept. */
import { exp, expandDims, logSumExp, matmul, mul, sub, sum } from '@dendrite/core';
import {
  type Attributes,
  type CompositeOp,
  DendriteError,
  defineOp,
  type Tensor,
  type TensorSpec,
} from '@dendrite/spec';
import { maskedScores, seen } from './scores.ts';

const owner = 'scaledDotProduct()';
const shown = (spec: TensorSpec | undefined): string => `${spec?.dtype ?? 'nothing'} [${spec?.shape.join(', ') ?? ''}]`;

/** Query, key and value fit: `[…, T, D]`, `[…, S, D]`, `[…, S, V]`. @throws SHAPE, DTYPE */
function check([query, key, value, mask]: readonly (TensorSpec | undefined)[]): {
  readonly output: TensorSpec;
  readonly rows: TensorSpec;
} {
  if (!query || !key || !value || query.shape.length < 2)
    throw new DendriteError('SHAPE', `${owner}: query must be […, tokens, width], got ${shown(query)}.`);
  for (const { dtype } of [query, key, value])
    if ((dtype !== 'float32' && dtype !== 'float64') || dtype !== query.dtype)
      throw new DendriteError(
        'DTYPE',
        `${owner}: query, key and value must be of one float dtype, got ${query.dtype}, ${key.dtype} and ${value.dtype}. Cast them.`,
      );
  const rank = query.shape.length;
  const front = (spec: TensorSpec): string => spec.shape.slice(0, -2).join(', ');
  const fits =
    key.shape.length === rank &&
    value.shape.length === rank &&
    front(key) === front(query) &&
    front(value) === front(query) &&
    key.shape[rank - 1] === query.shape[rank - 1] &&
    key.shape[rank - 2] === value.shape[rank - 2];
  if (!fits)
    throw new DendriteError(
      'SHAPE',
      `${owner}: query […, T, D], key […, S, D] and value […, S, V] must agree in D, S and the axes before, got [${query.shape.join(', ')}], [${key.shape.join(', ')}] and [${value.shape.join(', ')}].`,
    );
  if (mask && mask.dtype !== 'bool')
    throw new DendriteError('DTYPE', `${owner}: the mask must be bool, got ${mask.dtype}.`);
  const { dtype } = query;
  return {
    output: { shape: [...query.shape.slice(0, -1), value.shape[rank - 1] ?? 0], dtype },
    rows: { shape: query.shape.slice(0, -1), dtype },
  };
}

/** Products of matrices a forward pass makes: each is `2 · batch · T · S · width` operations. */
const work = (query: TensorSpec | undefined, key: TensorSpec | undefined, width: number): number =>
  2 * (query?.shape.slice(0, -1) ?? []).reduce((a, b) => a * b, 1) * (key?.shape.at(-2) ?? 0) * width;

/**
 * Inputs query, key, value, and optionally a mask (bool, broadcasting to the scores); attributes causal and scale.
 * Outputs: `softmax(scale · query · keyᵀ) · value`, and the log-sum-exp of the scores of each query for the gradient.
 */
export const scaledDotProductOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'attention/scaled-dot-product',
  infer(inputs) {
    const { output, rows } = check(inputs);
    return [output, rows];
  },
  visible: 1,
  flops: ({ inputs: [query, key, value] }) => work(query, key, (query?.shape.at(-1) ?? 0) + (value?.shape.at(-1) ?? 0)),
  saves: { inputs: [0, 1, 2, 3], outputs: [0, 1] },
  gradient({ input, output, dy: [dy], needs, attributes }) {
    if (!dy) return [null, null, null, null];
    const inputs = [input(0), input(1), input(2), output(0), output(1), dy];
    if (needs.length > 3) inputs.push(input(3));
    return [...dy.runtime.run(scaledDotProductGradientOp, inputs, attributes), null];
  },
  decompose([query, key, value, mask], attributes) {
    if (!query || !key || !value) return [];
    const { scores, allowed } = scoresOf(query, key, mask, attributes);
    const rows = logSumExp(scores, { axes: -1 });
    return [matmul(probabilities(scores, rows, allowed), value), rows];
  },
  kernels: { wasm: () => import('./scaled-dot-product.wasm.ts').then((m) => m.scaledDotProductWasmKernel) },
});

/** Inputs query, key, value, output, log-sum-exp, dy, and optionally the mask; outputs dquery, dkey, dvalue. */
export const scaledDotProductGradientOp: CompositeOp = /*#__PURE__*/ defineOp<CompositeOp>({
  '~dendrite': 'op',
  kind: 'composite',
  name: 'attention/scaled-dot-product-gradient',
  infer([query, key, value, output, rows, dy, mask]) {
    const expected = check([query, key, value, mask]);
    for (const [what, spec, { shape, dtype }] of [
      ['output', output, expected.output],
      ['log-sum-exp', rows, expected.rows],
      ['cotangent', dy, expected.output],
    ] as const)
      if (spec?.dtype !== dtype || spec.shape.join() !== shape.join())
        throw new DendriteError(
          'SHAPE',
          `${owner}: its ${what} must be ${dtype} [${shape.join(', ')}], got ${shown(spec)}.`,
        );
    return [query, key, value].filter((spec) => spec !== undefined);
  },
  flops: ({ inputs: [query, key, value] }) =>
    work(query, key, 3 * (query?.shape.at(-1) ?? 0) + 2 * (value?.shape.at(-1) ?? 0)),
  saves: {},
  gradient: {
    none: 'the second derivative of scaledDotProduct is not built; attentionWeights() and matmul() have one',
  },
  decompose([query, key, value, output, rows, dy, mask], attributes) {
    if (!query || !key || !value || !output || !rows || !dy) return [];
    const { scores, allowed } = scoresOf(query, key, mask, attributes);
    const weights = probabilities(scores, rows, allowed); // [..., T, S]
    const dweights = matmul(dy, value, { transposeB: true });
    // Σ dweights · weights over the keys is Σ dy · output over the width.
    const mean = sum(mul(dy, output), { axes: -1, keepDims: true });
    const dscores = mul(mul(weights, sub(dweights, mean)), Number(attributes.scale));
    return [
      matmul(dscores, key),
      matmul(dscores, query, { transposeA: true }),
      matmul(weights, dy, { transposeA: true }),
    ];
  },
  kernels: {
    wasm: () => import('./scaled-dot-product-gradient.wasm.ts').then((m) => m.scaledDotProductGradientWasmKernel),
  },
});

const scoresOf = (query: Tensor, key: Tensor, mask: Tensor | undefined, { causal, scale }: Attributes) =>
  maskedScores(query, key, mask, causal === true, Number(scale));
const probabilities = (scores: Tensor, rows: Tensor, allowed: Tensor | undefined): Tensor =>
  seen(exp(sub(scores, expandDims(rows, { axis: -1 }))), allowed);
