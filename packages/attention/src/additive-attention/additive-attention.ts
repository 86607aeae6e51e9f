/** Additive attention: a small network scores each pair of query and key. */
import { add, expandDims, matmul, softmax, squeeze, tanh, where } from '@dendrite/core';
import { dense, network } from '@dendrite/nn';
import { checkOptions, count, flag } from '@dendrite/nn/options';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import { type InputMasks, masksOf } from '../layer/attention-input.ts';
import { layerByWidth } from '../layer/layer-by-width.ts';
import { jointMask } from '../mask/mask.ts';
import type { Weighed } from '../multi-head-attention/multi-head-attention.ts';
import { seen, unseen } from '../scaled-dot-product/scores.ts';

export interface AdditiveAttentionOptions {
  readonly size?: number;
  readonly weights?: boolean;
}
/** `value` is `key` where it is left out. */
export type AdditiveParts = InputMasks & {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value?: Tensor;
};
export type AdditiveAttention<Y extends Tree = Tensor> = Layer<Tree, Tree, AdditiveParts, Y>;

/**
 * `softmax(v · tanh(query·W + key·U + b)) · value`: the first attention of translation, for queries and keys of different widths.
 * Its scores take T · S · size numbers; for long sequences use `multiHeadAttention`.
 * @param options.size     width of the scoring network, default: that of the query
 * @param options.weights  the layer gives `{ y, weights }`, weights `[B, T, S]`; default false
 * @returns  a layer of `{ query [B, T, Q], key [B, S, K], value?, mask?, keyMask?, keyLengths? }`; it gives `[B, T, V]`
 * @throws OPTION, SHAPE
 * @source Bahdanau, Cho and Bengio (2015), section A.1.2
 * @example
 * import { additiveAttention } from '@dendrite/attention';
 * import { zeros } from '@dendrite/core';
 * const attend = additiveAttention({ size: 16 });
 * const [query, key] = [zeros([2, 3, 8]), zeros([2, 5, 6])];
 * attend.init(query.runtime.key(1), { query: query.shape, key: key.shape }).output; // [2, 3, 6]
 */
export function additiveAttention(
  options: AdditiveAttentionOptions & { readonly weights: true },
): AdditiveAttention<Weighed>;
export function additiveAttention(options?: AdditiveAttentionOptions): AdditiveAttention;
export function additiveAttention(options: AdditiveAttentionOptions = {}): AdditiveAttention<Weighed | Tensor> {
  const owner = 'additiveAttention';
  checkOptions(owner, options, { size: count, weights: flag });
  const { size, weights = false } = options;
  return layerByWidth({
    owner,
    name: 'attention/additive-attention',
    config: { ...(size !== undefined && { size }), weights },
    main: 'query',
    make: (width) =>
      network(
        { query: dense(size ?? width, { bias: false }), key: dense(size ?? width), score: dense(1, { bias: false }) },
        (layers, { query, key, value = key, ...masks }: AdditiveParts): Weighed | Tensor => {
          const pairs = add(expandDims(layers.query(query), { axis: 2 }), expandDims(layers.key(key), { axis: 1 })); // [B, T, S, size]
          const scores = squeeze(layers.score(tanh(pairs)), { axes: 3 });
          const allowed = jointMask(owner, scores.shape, masksOf(masks));
          const found = seen(softmax(allowed === undefined ? scores : where(allowed, scores, unseen)), allowed);
          const y = matmul(found, value);
          return weights ? { y, weights: found } : y;
        },
      ),
  });
}
