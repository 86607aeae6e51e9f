/** Attention pooling: one vector for a sequence, a mean weighed by what the layer learned to look at. */
import { matmul, reshape, softmax, tanh, transpose, where } from '@dendrite/core';
import { dense, network } from '@dendrite/nn';
import { checkOptions, count, flag } from '@dendrite/nn/options';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import { isTensor, masksOf } from '../layer/attention-input.ts';
import { layerByWidth } from '../layer/layer-by-width.ts';
import { jointMask } from '../mask/mask.ts';
import { seen, unseen } from '../scaled-dot-product/scores.ts';
import type { EncoderInput } from '../transformer/encoder-layer.ts';

export interface AttentionPoolingOptions {
  readonly size?: number;
  readonly weights?: boolean;
}
/** `weights`: how much each token counts, `[B, T]`. */
export type Pooled = { readonly y: Tensor; readonly weights: Tensor };
export type AttentionPooling<Y extends Tree = Tensor> = Layer<Tree, Tree, EncoderInput, Y>;

/**
 * `Σ aₜ·xₜ` with `a = softmax(u · tanh(x·W + b))`: `[B, T, C]` → `[B, C]`; u is a learned question.
 * @param options.size     width of W, default: that of x
 * @param options.weights  the layer gives `{ y, weights }`, default false
 * @returns  a layer of `x` or `{ x, keyMask?, keyLengths? }`; zeros where every token is padding
 * @throws OPTION, SHAPE
 * @source Yang et al. (2016), equations 5 to 7
 * @example
 * import { attentionPooling, sinusoidalPositions } from '@dendrite/attention';
 * import { dense, sequential } from '@dendrite/nn';
 * const reader = sequential(sinusoidalPositions, attentionPooling(), dense(2));
 */
export function attentionPooling(
  options: AttentionPoolingOptions & { readonly weights: true },
): AttentionPooling<Pooled>;
export function attentionPooling(options?: AttentionPoolingOptions): AttentionPooling;
export function attentionPooling(options: AttentionPoolingOptions = {}): AttentionPooling<Pooled | Tensor> {
  const owner = 'attentionPooling';
  checkOptions(owner, options, { size: count, weights: flag });
  const { size, weights = false } = options;
  return layerByWidth({
    owner,
    name: 'attention/attention-pooling',
    config: { ...(size !== undefined && { size }), weights },
    main: 'x',
    make: (width) =>
      network(
        { project: dense(size ?? width), question: dense(1, { bias: false }) },
        (layers, input: EncoderInput): Pooled | Tensor => {
          const { x, ...masks } = isTensor(input) ? { x: input } : input;
          const [batch = 0, tokens = 0] = x.shape;
          const scores = transpose(layers.question(tanh(layers.project(x))), [0, 2, 1]); // [B, 1, T]
          const allowed = jointMask(owner, scores.shape, masksOf(masks));
          const found = seen(softmax(allowed === undefined ? scores : where(allowed, scores, unseen)), allowed);
          const y = reshape(matmul(found, x), [batch, width]);
          return weights ? { y, weights: reshape(found, [batch, tokens]) } : y;
        },
      ),
  });
}
