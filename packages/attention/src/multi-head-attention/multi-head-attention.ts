/** Multi-head attention as a layer: self-attention of one sequence, or of one sequence over another. */
import { matmul } from '@dendrite/core';
import { dense, dropout as dropoutLayer, network } from '@dendrite/nn';
import { checkOptions, count, flag, fraction } from '@dendrite/nn/options';
import { DendriteError, type Layer, type Tensor, type Tree } from '@dendrite/spec';
import { type InputMasks, isTensor, masksOf } from '../layer/attention-input.ts';
import { layerByWidth } from '../layer/layer-by-width.ts';
import { rotaryPositions } from '../positions/rotary-positions.ts';
import { attentionWeights, scaledDotProduct } from '../scaled-dot-product/scaled-dot-product.ts';
import { joinHeads, splitHeads } from './heads.ts';

/** Self-attention of `query` where there is no `key`; `value` is `key` where it is left out. */
export type AttentionParts = InputMasks & {
  readonly query: Tensor;
  readonly key?: Tensor;
  readonly value?: Tensor;
};
export type AttentionInput = Tensor | AttentionParts;

export interface MultiHeadAttentionOptions {
  readonly heads: number;
  readonly size?: number;
  readonly bias?: boolean;
  readonly causal?: boolean;
  readonly dropout?: number;
  readonly rotary?: boolean;
  readonly weights?: boolean;
}
/** `weights` are those of each head, `[B, heads, T, S]`. */
export type Weighed = { readonly y: Tensor; readonly weights: Tensor };
export type MultiHeadAttention<Y extends Tree = Tensor> = Layer<Tree, Tree, AttentionInput, Y>;

/**
 * `concat(headᵢ) · Wᵒ` with `headᵢ = attention(query·Wᵢ, key·Wᵢ, value·Wᵢ)`: every head looks at the keys in its own way.
 * @param options.heads    how many; they share `size`
 * @param options.size     width of all heads together, a multiple of `heads`; default: the width of the query
 * @param options.bias     of the four projections, default true
 * @param options.causal   no token sees a later one, default false
 * @param options.dropout  share of the weights that is dropped in training, [0, 1), default 0
 * @param options.rotary   turns queries and keys by their place (see `rotaryPositions`), default false
 * @param options.weights  the layer gives `{ y, weights }` instead of `y`, default false
 * @returns  a layer of `x` `[B, T, C]`, or of `{ query, key?, value?, mask?, keyMask?, keyLengths? }`; it gives `[B, T, C]`
 * @throws OPTION, SHAPE
 * @source Vaswani et al. (2017), section 3.2.2
 * @example
 * import { multiHeadAttention } from '@dendrite/attention';
 * import { zeros } from '@dendrite/core';
 * const attend = multiHeadAttention({ heads: 4, causal: true });
 * const tokens = zeros([2, 10, 32]);
 * attend.init(tokens.runtime.key(1), tokens.shape).output; // [2, 10, 32]
 */
export function multiHeadAttention(
  options: MultiHeadAttentionOptions & { readonly weights: true },
): MultiHeadAttention<Weighed>;
export function multiHeadAttention(options: MultiHeadAttentionOptions): MultiHeadAttention;
export function multiHeadAttention(options: MultiHeadAttentionOptions): MultiHeadAttention<Weighed | Tensor> {
  const owner = 'multiHeadAttention';
  const { heads, size, bias = true, causal = false, dropout = 0, rotary = false, weights = false } = options;
  checkOptions(
    owner,
    { ...options, heads },
    {
      heads: count,
      size: count,
      bias: flag,
      causal: flag,
      dropout: fraction,
      rotary: flag,
      weights: flag,
    },
  );
  return layerByWidth({
    owner,
    name: 'attention/multi-head-attention',
    config: { heads, ...(size !== undefined && { size }), bias, causal, dropout, rotary, weights },
    main: 'query',
    make(width) {
      const inner = size ?? width;
      if (inner % heads !== 0)
        throw new DendriteError(
          'SHAPE',
          `${owner}(): the width must be a multiple of its ${heads} heads, got ${inner}. Set size, or another number of heads.`,
        );
      const project = (units: number): Layer => (bias ? dense(units) : dense(units, { bias: false }));
      const parts = { query: project(inner), key: project(inner), value: project(inner), output: project(width) };
      const drops: { readonly dropout?: Layer } = dropout > 0 ? { dropout: dropoutLayer(dropout) } : {};
      return network<typeof parts & { readonly dropout?: Layer }, AttentionInput, Weighed | Tensor>(
        { ...parts, ...drops },
        (layers, input) => {
          const given = isTensor(input) ? { query: input } : input;
          const { query, key = query, value = key } = given;
          const turned = (x: Tensor): Tensor => (rotary ? rotaryPositions(x) : x);
          const q = turned(splitHeads(layers.query(query), heads));
          const k = turned(splitHeads(layers.key(key), heads));
          const v = splitHeads(layers.value(value), heads);
          const rules = { causal, ...masksOf(given) };
          if (!weights && dropout === 0) return layers.output(joinHeads(scaledDotProduct(q, k, v, rules)));
          const found = attentionWeights(q, k, rules);
          const y = layers.output(joinHeads(matmul(layers.dropout?.(found) ?? found, v)));
          return weights ? { y, weights: found } : y;
        },
      );
    },
  });
}
