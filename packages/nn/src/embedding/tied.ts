/** One matrix for words going in and words coming out. */
import { add, fill, matmul } from '@dendrite/core';
import {
  DendriteError,
  type Layer,
  type LayerLike,
  type ParamsOf,
  type StateOf,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import { applyChild, initChild, packagesOf } from '../composition/bind-layer.ts';
import { layerJson } from '../composition/layer-json.ts';
import { checkLayer } from '../composition/sequential.ts';
import { checkOptions, flag } from '../option/check-options.ts';
import type { Embedding } from './embedding.ts';

export type Tied<L> = Layer<
  { readonly embedding: ParamsOf<Embedding>; readonly inner: ParamsOf<L>; readonly bias?: Tensor } & Tree,
  { readonly inner: StateOf<L> } & Tree
>;

/**
 * `inner(embedding(x)) · weightᵀ + bias`: codes `[…]` → logits `[…, vocabulary]`, with the embedding's weights on both sides.
 * @param words         an `embedding`; it alone holds the weights
 * @param inner         a layer or function on `[…, size]` that keeps the size
 * @param options.bias  one number a code, default true; starts at 0
 * @throws SHAPE  from `init`, if inner does not end in the embedding's size
 * @source Press and Wolf (2017), Using the output embedding to improve language models
 * @example
 * import { relu } from '@dendrite/core';
 * import { dense, embedding, sequential, tied } from '@dendrite/nn';
 * const model = tied(embedding(100, 16), sequential(dense(32), relu, dense(16)));
 */
export function tied<L extends LayerLike>(words: Embedding, inner: L, options?: { readonly bias?: boolean }): Tied<L>;
export function tied(words: Embedding, inner: LayerLike, options: { readonly bias?: boolean } = {}): object {
  checkLayer('tied', 'its layer', inner);
  checkOptions('tied', options, { bias: flag });
  const { bias = true } = options;
  if (words?.name !== 'nn/embedding')
    throw new DendriteError('OPTION', `tied(): words must be an embedding, got ${words?.name ?? String(words)}.`);
  type Params = { readonly embedding: { readonly weight: Tensor }; readonly inner: Tree; readonly bias?: Tensor };
  const made: Layer<Params, { readonly inner: Tree }> = {
    '~dendrite': 'layer',
    name: 'nn/tied',
    config: { embedding: layerJson(words), inner: layerJson(inner), bias },
    ...packagesOf([inner]),
    init(key, input) {
      const { params, output: vectors } = words.init(key.fork('embedding'), input);
      const [vocabulary = 0, size] = params.weight.shape;
      const part = initChild(inner, 'inner', key, vectors);
      const given = part.output as readonly number[];
      if (given.at(-1) !== size)
        throw new DendriteError(
          'SHAPE',
          `tied(): its layer must end in the embedding's size ${size}, got [${String(given)}]. End it with dense(${size}).`,
        );
      return {
        params: {
          embedding: params,
          inner: part.params,
          ...(bias && { bias: fill(key.runtime, { shape: [vocabulary] }, 0) }),
        },
        state: { inner: part.state },
        output: [...given.slice(0, -1), vocabulary],
      };
    },
    apply({ params, state }, x, context) {
      const [vectors] = words.apply({ params: params.embedding, state: {} }, x, context);
      const [h, next] = applyChild(inner, 'inner', { params: params.inner, state: state.inner }, vectors, context);
      const logits = matmul(h as Tensor, params.embedding.weight, { transposeB: true });
      return [params.bias === undefined ? logits : add(logits, params.bias), { inner: next }];
    },
  };
  return Object.freeze(made);
}
