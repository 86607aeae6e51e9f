/** Scaled dot-product attention: the function, and its weights alone. */
import { softmax } from '@dendrite/core';
import { DendriteError, type Tensor } from '@dendrite/spec';
import { jointMask, type MaskOptions } from '../mask/mask.ts';
import { scaledDotProductOp } from './scaled-dot-product-op.ts';
import { maskedScores, seen } from './scores.ts';

export interface ScaledDotProductOptions extends MaskOptions {
  /** Factor of the scores, default `1 / √D`. */
  readonly scale?: number;
}

/**
 * Attention: `softmax(scale · query · keyᵀ) · value` over the keys that may be seen.
 * Nothing of size T × S is kept for the gradient: it computes the probabilities again.
 * @param query  `[…, T, D]`
 * @param key    `[…, S, D]`
 * @param value  `[…, S, V]`
 * @param options.causal      no query sees a later key (counted from the end of both), default false
 * @param options.mask        bool, true = may be seen, broadcasting to `[…, T, S]`
 * @param options.keyMask     bool `[B, S]`, true = a real key
 * @param options.keyLengths  int32 `[B]`, keys from there on are padding
 * @param options.scale       default `1 / √D`
 * @returns  `[…, T, V]`; zeros for a query that may see no key
 * @throws SHAPE, DTYPE, OPTION
 * @gradient dvalue = pᵀ·dy, dscores = p · (dy·valueᵀ − Σ dy·y), dquery = scale · dscores·key, dkey = scale · dscoresᵀ·query
 * @complexity 2·B·T·S·(D + V) flops
 * @numerics the row's maximum is subtracted; saved are query, key, value, the output and each row's log-sum-exp
 * @source Vaswani et al. (2017), section 3.2.1
 * @example
 * import { scaledDotProduct } from '@dendrite/attention';
 * import { tensor } from '@dendrite/core';
 * const tokens = tensor([[1, 0], [0, 1]]);
 * await scaledDotProduct(tokens, tokens, tokens, { causal: true, scale: 100 }).toArray(); // [[1, 0], [0, 1]]
 */
export function scaledDotProduct(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: ScaledDotProductOptions = {},
): Tensor {
  const { causal = false } = options;
  const scale = scaleOf('scaledDotProduct', query, options.scale);
  const { runtime } = query;
  return runtime.scope(() => {
    const mask = jointMask('scaledDotProduct', scoreShape(query, key), options);
    const inputs = mask === undefined ? [query, key, value] : [query, key, value, mask];
    const [y] = runtime.run(scaledDotProductOp, inputs, { causal, scale });
    if (y === undefined)
      throw new DendriteError('BACKEND', 'scaledDotProduct(): the backend must give an output, got none.');
    return y;
  });
}

/**
 * How much each query looks at each key: `softmax(scale · query · keyᵀ)`, `[…, T, S]`; for maps, and for dropout between weights
 * and values. Rows add up to 1, or to 0 where no key may be seen.
 * @throws SHAPE, DTYPE, OPTION
 * @example
 * import { attentionWeights } from '@dendrite/attention';
 * import { tensor } from '@dendrite/core';
 * const tokens = tensor([[[0], [0]]]);
 * await attentionWeights(tokens, tokens).toArray(); // [[[0.5, 0.5], [0.5, 0.5]]]
 */
export function attentionWeights(query: Tensor, key: Tensor, options: ScaledDotProductOptions = {}): Tensor {
  const scale = scaleOf('attentionWeights', query, options.scale);
  return query.runtime.scope(() => {
    const mask = jointMask('attentionWeights', scoreShape(query, key), options);
    const { scores, allowed } = maskedScores(query, key, mask, options.causal === true, scale);
    return seen(softmax(scores), allowed);
  });
}

const scoreShape = (query: Tensor, key: Tensor): readonly number[] => [
  ...query.shape.slice(0, -1),
  key.shape.at(-2) ?? 0,
];

function scaleOf(owner: string, query: Tensor, given: number | undefined): number {
  const scale = given ?? 1 / Math.sqrt(query.shape.at(-1) ?? 1);
  if (!Number.isFinite(scale))
    throw new DendriteError(
      'OPTION',
      `${owner}(): scale must be a finite number, got ${scale}. Leave it out for 1 / √D.`,
    );
  return scale;
}
