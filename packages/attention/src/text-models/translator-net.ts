/** The network of `translator`: an encoder of one sequence, a decoder of the other, and the loss of a pair. */
import { argMax, cast, concat, equal, mean, mul, reshape, slice, sum } from '@dendrite/core';
import { dense, dropout, layerNorm, network, softmaxCrossEntropy } from '@dendrite/nn';
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import { type DecoderOutput, transformerDecoderLayer } from '../transformer/decoder-layer.ts';
import { transformerEncoderLayer } from '../transformer/encoder-layer.ts';
import { placed, realTokens, tokenEmbedding } from './encode-tokens.ts';
import { type Size, sizeJson } from './transformer-options.ts';

export interface PairForm {
  /** Codes of each vocabulary. */
  readonly sourceCodes: number;
  readonly targetCodes: number;
  /** Most tokens of a source, and of a target with its end. */
  readonly sourceLength: number;
  readonly targetLength: number;
  /** Tokens of a target on average, with its end: what a row's loss is divided by, so that every token weighs the same. */
  readonly meanLength: number;
}
/** What the network takes: whole rows to learn from; or one half of it at a time, to translate. */
export type PairInput =
  | Tensor
  | { readonly source: Tensor }
  | { readonly memory: Tensor; readonly memoryMask: Tensor; readonly target: Tensor };
/** How each token of the target looked at the source, `[B, T, S]`, beside the logits of the token that follows, `[B, T, V]`. */
export type Decoded = { readonly logits: Tensor; readonly weights: Tensor };

type Part = Layer<Tree, Tree, never, Tree>;
type Apply = (x: Tree) => Tree;

/**
 * Rows are `[B, S + 1 + T]`: source, begin, target with its end, each padded with 0. They give `[B, 2]`: the row's loss, and the share of
 * its target's tokens that are right.
 */
export function translatorNet(form: PairForm, size: Size): Layer<Tree, Tree, PairInput, Tree> {
  const { width, heads, layers: depth, dropout: rate } = size;
  const parts: Record<string, Part> = {
    source: tokenEmbedding(form.sourceCodes, width),
    target: tokenEmbedding(form.targetCodes, width),
    drop: dropout(rate),
    read: layerNorm(),
    wrote: layerNorm(),
    logits: dense(form.targetCodes),
  };
  for (let i = 0; i < depth; i++) {
    parts[`encoder${i}`] = transformerEncoderLayer({ heads, dropout: rate });
    parts[`decoder${i}`] = transformerDecoderLayer({ heads, dropout: rate, weights: true });
  }
  const identity = { name: 'attention/translator-net', config: { ...form, ...sizeJson(size) } };
  return network(
    parts,
    (bound, input: PairInput): Tree => {
      const on = (name: string, x: Tree): Tensor => (bound[name] as Apply)(x) as Tensor;
      const begin = (name: 'source' | 'target', codes: Tensor): Tensor =>
        on(
          'drop',
          placed((each) => on(name, each), codes),
        );
      const encode = (source: Tensor): Tensor => {
        const keyMask = realTokens(source);
        let x = begin('source', source);
        for (let i = 0; i < depth; i++) x = on(`encoder${i}`, { x, keyMask });
        return on('read', x);
      };
      const decode = (target: Tensor, memory: Tensor, memoryMask: Tensor): Decoded => {
        let x = begin('target', target);
        const looks: Tensor[] = [];
        for (let i = 0; i < depth; i++) {
          const { y, weights } = (bound[`decoder${i}`] as Apply)({ x, memory, memoryMask }) as DecoderOutput;
          looks.push(mean(weights, { axes: 1 }));
          x = y;
        }
        return { logits: on('logits', on('wrote', x)), weights: looks.at(-1) ?? memoryMask };
      };
      if ('source' in input) return encode(input.source);
      if ('memory' in input) return decode(input.target, input.memory, input.memoryMask);
      const rows = input as Tensor;
      const columns = (from: number, count: number): Tensor =>
        slice(rows, { begin: [0, from], size: [rows.shape[0] ?? 0, count] });
      const source = columns(0, form.sourceLength);
      const target = columns(form.sourceLength, form.targetLength);
      const wanted = columns(form.sourceLength + 1, form.targetLength);
      const { logits } = decode(target, encode(source), realTokens(source));
      return rowScores(logits, wanted, form.meanLength);
    },
    identity,
  ) as Layer<Tree, Tree, PairInput, Tree>;
}

/** Loss and share of right tokens of each row, `[B, 2]`; padding does not count. */
export function rowScores(logits: Tensor, wanted: Tensor, meanLength: number): Tensor {
  const codes = cast(wanted, 'int32');
  const losses = softmaxCrossEntropy(logits, codes, { reduction: 'none', ignoreIndex: 0 }); // [B, T]
  const real = cast(realTokens(wanted), 'float32');
  const right = mul(cast(equal(argMax(logits, { axis: 2 }), codes), 'float32'), real);
  const column = (x: Tensor): Tensor => reshape(x, [x.size, 1]);
  const loss = mul(sum(losses, { axes: 1 }), 1 / meanLength);
  return concat([column(loss), column(mul(sum(right, { axes: 1 }), 1 / meanLength))], { axis: 1 });
}
