/** One layer of a transformer's encoder. */
import { dropout, layerNorm, network } from '@dendrite/nn';
import { flag } from '@dendrite/nn/options';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import { type InputMasks, isTensor, masksOf } from '../layer/attention-input.ts';
import { layerByWidth } from '../layer/layer-by-width.ts';
import { multiHeadAttention } from '../multi-head-attention/multi-head-attention.ts';
import { feedForward, filledOptions, optionsJson, shortcut, type TransformerOptions } from './transformer-block.ts';

export type EncoderParts = InputMasks & { readonly x: Tensor };
export type EncoderInput = Tensor | EncoderParts;
export interface EncoderLayerOptions extends TransformerOptions {
  readonly causal?: boolean;
}
export type TransformerEncoderLayer = Layer<Tree, Tree, EncoderInput>;

/**
 * Self-attention, then a feed-forward net at every token, each beside a shortcut with a layer norm.
 * With `causal: true` it is a layer of a language model ("decoder-only").
 * @param options.heads        of the attention
 * @param options.feedForward  inner width, default four times the width
 * @param options.activation   of the feed-forward part, default `gelu`
 * @param options.norm         `'pre'` (default): `x + f(norm(x))`, which trains without a warm-up; `'post'`: `norm(x + f(x))`, as in 2017
 * @param options.dropout      of attention weights and of both parts' results, [0, 1), default 0
 * @param options.rotary       rotary positions in the attention, default false
 * @param options.causal       no token sees a later one, default false
 * @returns  a layer of `[B, T, C]` or `{ x, mask?, keyMask?, keyLengths? }`; it gives `[B, T, C]`
 * @throws OPTION, SHAPE
 * @source Vaswani et al. (2017), section 3.1; for norms before: Xiong et al. (2020)
 * @example
 * import { sinusoidalPositions, transformerEncoderLayer } from '@dendrite/attention';
 * import { sequential } from '@dendrite/nn';
 * const encoder = sequential(sinusoidalPositions, transformerEncoderLayer({ heads: 4 }), transformerEncoderLayer({ heads: 4 }));
 */
export function transformerEncoderLayer(options: EncoderLayerOptions): TransformerEncoderLayer {
  const owner = 'transformerEncoderLayer';
  const filled = filledOptions(owner, options, { causal: flag });
  const { heads, norm, dropout: rate, rotary } = filled;
  const { causal = false } = options;
  return layerByWidth({
    owner,
    name: 'attention/encoder-layer',
    config: { ...optionsJson(filled), causal },
    main: 'x',
    make: (width) =>
      network(
        {
          attention: multiHeadAttention({ heads, dropout: rate, rotary, causal }),
          attentionNorm: layerNorm(),
          attentionDropout: dropout(rate),
          forward: feedForward(width, filled),
          forwardNorm: layerNorm(),
          forwardDropout: dropout(rate),
        },
        (layers, input: EncoderInput) => {
          const { x, ...masks } = isTensor(input) ? { x: input } : input;
          const attend = (query: Tensor): Tensor => layers.attention({ query, ...masksOf(masks) });
          const seen = shortcut(norm, layers.attentionNorm, layers.attentionDropout, x, attend);
          return shortcut(norm, layers.forwardNorm, layers.forwardDropout, seen, layers.forward);
        },
      ),
  });
}
