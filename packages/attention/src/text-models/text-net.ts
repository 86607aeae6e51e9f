/** The network of `textClassifier` and `documentClassifier`: codes to one vector a text, and a logit a label. */
import { dense, dropout, network } from '@dendrite/nn';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import { attentionPooling, type Pooled } from '../attention-pooling/attention-pooling.ts';
import {
  type AttentionLevel,
  hierarchicalAttention,
  type Read,
} from '../hierarchical-attention/hierarchical-attention.ts';
import { transformerEncoderLayer } from '../transformer/encoder-layer.ts';
import { placed, realTokens, tokenEmbedding } from './encode-tokens.ts';
import { type Size, sizeJson } from './transformer-options.ts';

export interface TextForm {
  /** Codes of the vocabulary. */
  readonly codes: number;
  /** Tokens of a text; shorter ones are padded with 0. */
  readonly length: number;
  readonly labels: number;
  /** From tokens up; undefined: all tokens look at each other. */
  readonly levels?: readonly number[];
}
/** `[B, K]`; or, asked with `{ codes }`, also how much each token counts, `[B, T]`. */
export type Judged = { readonly logits: Tensor; readonly weights: Tensor };
export type TextInput = Tensor | { readonly codes: Tensor };
type Bound = (x: Tree) => Tree;

/** `[B, T]` codes → `[B, K]` logits. */
export function textNet({ codes, length, labels, levels }: TextForm, size: Size): Layer<Tree, Tree, TextInput, Tree> {
  const { width, heads, layers: depth, dropout: rate } = size;
  const parts: Record<string, Layer<Tree, Tree, never, Tree>> = {
    tokens: tokenEmbedding(codes, width),
    drop: dropout(rate),
    logits: dense(labels),
  };
  if (levels === undefined) {
    for (let i = 0; i < depth; i++) parts[`encoder${i}`] = transformerEncoderLayer({ heads, dropout: rate });
    parts.pool = attentionPooling({ weights: true });
  } else {
    const groups = levels.map((each): AttentionLevel => ({ length: each, heads }));
    parts.pool = hierarchicalAttention({ levels: [...groups, { heads }], dropout: rate, weights: true });
  }
  return network(
    parts,
    (bound, input: TextInput): Tree => {
      const on = (name: string, x: Tree): Tree => (bound[name] as Bound)(x);
      const asked = 'codes' in input;
      const given = asked ? input.codes : input;
      const keyMask = realTokens(given);
      let x = on(
        'drop',
        placed((each) => on('tokens', each) as Tensor, given),
      ) as Tensor;
      if (levels === undefined) for (let i = 0; i < depth; i++) x = on(`encoder${i}`, { x, keyMask }) as Tensor;
      const { y, weights } = on('pool', { x, keyMask }) as Pooled | Read;
      const logits = on('logits', on('drop', y)) as Tensor;
      if (!asked) return logits;
      // Of a hierarchy the weights of the tokens within their groups.
      return { logits, weights: Array.isArray(weights) ? weights[0] : (weights as Tensor) };
    },
    {
      name: 'attention/text-net',
      config: { codes, length, labels, ...(levels && { levels: [...levels] }), ...sizeJson(size) },
    },
  ) as Layer<Tree, Tree, TextInput, Tree>;
}
