/** The network of `causalLanguageModel`: every token looks back, and says what comes next. */
import { slice } from '@dendrite/core';
import { dense, dropout, layerNorm, network } from '@dendrite/nn';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import { transformerEncoderLayer } from '../transformer/encoder-layer.ts';
import { tokenEmbedding } from './encode-tokens.ts';
import { type Size, sizeJson } from './transformer-options.ts';
import { rowScores } from './translator-net.ts';

export interface LanguageForm {
  /** Codes of the vocabulary. */
  readonly codes: number;
  /** Tokens the model sees at once. */
  readonly length: number;
  /** Tokens of a row on average: what a row's loss is divided by. */
  readonly meanLength: number;
}
/** Rows of `length + 1` codes to learn from; or `{ codes }`, for the logits of what follows each. */
export type LanguageInput = Tensor | { readonly codes: Tensor };
type Bound = (x: Tree) => Tree;

/** Rows `[B, T + 1]` → loss and share of right tokens, `[B, 2]`; `{ codes: [B, T] }` → logits `[B, T, V]`. */
export function languageNet(
  { codes, length, meanLength }: LanguageForm,
  size: Size,
): Layer<Tree, Tree, LanguageInput, Tree> {
  const { width, heads, layers: depth, dropout: rate } = size;
  const parts: Record<string, Layer<Tree, Tree, never, Tree>> = {
    tokens: tokenEmbedding(codes, width),
    drop: dropout(rate),
    wrote: layerNorm(),
    logits: dense(codes),
  };
  for (let i = 0; i < depth; i++)
    parts[`decoder${i}`] = transformerEncoderLayer({ heads, dropout: rate, causal: true, rotary: true });
  return network(
    parts,
    (bound, input: LanguageInput): Tree => {
      const on = (name: string, x: Tree): Tensor => (bound[name] as Bound)(x) as Tensor;
      const asked = 'codes' in input;
      const rows = asked ? input.codes : input;
      const columns = (from: number, count: number): Tensor =>
        slice(rows, { begin: [0, from], size: [rows.shape[0] ?? 0, count] });
      // Places are told by rotary positions.
      let x = on('drop', on('tokens', asked ? rows : columns(0, length)));
      for (let i = 0; i < depth; i++) x = on(`decoder${i}`, x);
      const logits = on('logits', on('wrote', x));
      return asked ? logits : rowScores(logits, columns(1, length), meanLength);
    },
    { name: 'attention/language-net', config: { codes, length, meanLength, ...sizeJson(size) } },
  ) as Layer<Tree, Tree, LanguageInput, Tree>;
}
