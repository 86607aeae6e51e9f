/** One layer of a transformer's decoder: it looks at what was written so far, and at what the encoder read. */
import { dropout, layerNorm, network } from '@dendrite/nn';
import { flag } from '@dendrite/nn/options';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import { type InputMasks, masksOf } from '../layer/attention-input.ts';
import { layerByWidth } from '../layer/layer-by-width.ts';
import { multiHeadAttention } from '../multi-head-attention/multi-head-attention.ts';
import { feedForward, filledOptions, optionsJson, shortcut, type TransformerOptions } from './transformer-block.ts';

/** `mask`, `keyMask` and `keyLengths` are of the decoder's own sequence. */
export type DecoderInput = InputMasks & {
  readonly x: Tensor;
  /** What the encoder gave, `[B, S, C']`. */
  readonly memory: Tensor;
  /** bool `[B, S]`; true = a real token of the memory. */
  readonly memoryMask?: Tensor;
};
export interface DecoderLayerOptions extends TransformerOptions {
  readonly causal?: boolean;
  readonly weights?: boolean;
}
/** `weights`: how each token looked at the memory, `[B, heads, T, S]`. */
export type DecoderOutput = { readonly y: Tensor; readonly weights: Tensor };
export type TransformerDecoderLayer<Y extends Tree = Tensor> = Layer<Tree, Tree, DecoderInput, Y>;

/**
 * Causal self-attention, attention over the encoder's output, then a feed-forward net; each beside a shortcut with a layer norm.
 * @param options  as of `transformerEncoderLayer`
 * @param options.causal   of the self-attention, default true
 * @param options.weights  gives `{ y, weights }`, the weights over the memory, default false
 * @returns  a layer of `{ x, memory, memoryMask?, mask?, keyMask?, keyLengths? }`; it gives `[B, T, C]`
 * @throws OPTION, SHAPE
 * @source Vaswani et al. (2017), section 3.1
 * @example
 * import { transformerDecoderLayer } from '@dendrite/attention';
 * const decoder = transformerDecoderLayer({ heads: 4, dropout: 0.1 });
 */
export function transformerDecoderLayer(
  options: DecoderLayerOptions & { readonly weights: true },
): TransformerDecoderLayer<DecoderOutput>;
export function transformerDecoderLayer(options: DecoderLayerOptions): TransformerDecoderLayer;
export function transformerDecoderLayer(options: DecoderLayerOptions): TransformerDecoderLayer<DecoderOutput | Tensor> {
  const owner = 'transformerDecoderLayer';
  const filled = filledOptions(owner, options, { causal: flag, weights: flag });
  const { heads, norm, dropout: rate, rotary } = filled;
  const { causal = true, weights = false } = options;
  return layerByWidth({
    owner,
    name: 'attention/decoder-layer',
    config: { ...optionsJson(filled), causal, weights },
    main: 'x',
    make: (width) =>
      network(
        {
          attention: multiHeadAttention({ heads, dropout: rate, rotary, causal }),
          attentionNorm: layerNorm(),
          attentionDropout: dropout(rate),
          cross: multiHeadAttention({ heads, dropout: rate, weights: true }),
          crossNorm: layerNorm(),
          crossDropout: dropout(rate),
          forward: feedForward(width, filled),
          forwardNorm: layerNorm(),
          forwardDropout: dropout(rate),
        },
        (layers, { x, memory, memoryMask, ...masks }: DecoderInput): DecoderOutput | Tensor => {
          const attend = (query: Tensor): Tensor => layers.attention({ query, ...masksOf(masks) });
          const own = shortcut(norm, layers.attentionNorm, layers.attentionDropout, x, attend);
          const looks: Tensor[] = [];
          const look = (query: Tensor): Tensor => {
            const found = layers.cross({ query, key: memory, ...(memoryMask && { keyMask: memoryMask }) });
            looks.push(found.weights);
            return found.y;
          };
          const both = shortcut(norm, layers.crossNorm, layers.crossDropout, own, look);
          const y = shortcut(norm, layers.forwardNorm, layers.forwardDropout, both, layers.forward);
          const [seen] = looks;
          return weights && seen ? { y, weights: seen } : y;
        },
      ),
  });
}
