/** Hierarchical attention: tokens to sentences to documents, so that tens of thousands of inputs cost as much as their number. */
import { any, cast, mul, pad, reshape } from '@dendrite/core';
import { layerJson, network } from '@dendrite/nn';
import { checkOptions, count, flag, fraction } from '@dendrite/nn/options';
import { DendriteError, type Json, type Layer, type LayerLike, type Tensor, type Tree } from '@dendrite/spec';
import { attentionPooling, type Pooled } from '../attention-pooling/attention-pooling.ts';
import { isTensor } from '../layer/attention-input.ts';
import { layerByWidth } from '../layer/layer-by-width.ts';
import { lengthMask } from '../mask/mask.ts';
import { type EncoderInput, transformerEncoderLayer } from '../transformer/encoder-layer.ts';

/** How many parts make a whole, and what reads them before they are pooled to one vector. */
export interface AttentionLevel {
  /** Parts of a whole. Every level but the last has one; the last takes all that is left. */
  readonly length?: number;
  /** Reads with a transformer's encoder layer of this many heads and rotary positions. Default: nothing reads, parts are only pooled. */
  readonly heads?: number;
  /** Reads with a layer of your own, `[wholes, length, C]` → `[wholes, length, C']`; padding comes as zeros. */
  readonly encoder?: LayerLike;
}
export interface HierarchicalAttentionOptions {
  readonly levels: readonly AttentionLevel[];
  readonly dropout?: number;
  readonly weights?: boolean;
}
/** `weights[i]`: how much each part of level i counts within its whole, `[B, parts]`, padding included. */
export type Read = { readonly y: Tensor; readonly weights: readonly Tensor[] };
export type HierarchicalAttention<Y extends Tree = Tensor> = Layer<Tree, Tree, EncoderInput, Y>;

/**
 * `[B, T, C]` → `[B, C]`, level by level: groups of `length` parts are read and pooled by attention to one part of the next level.
 * T tokens in groups of n cost T·n scores instead of T². Sequences are filled up to whole groups, which are masked.
 * @param options.levels   from tokens up; `[{ length: 25, heads: 2 }, { length: 20, heads: 2 }, { heads: 2 }]` reads sentences of 25
 *   tokens, paragraphs of 20 sentences, and a document of any number of paragraphs
 * @param options.dropout  of the encoders made by `heads`, default 0
 * @param options.weights  the layer gives `{ y, weights }`, default false
 * @returns  a layer of `x` or `{ x, keyMask?, keyLengths? }`
 * @throws OPTION, SHAPE
 * @complexity T·(C + Σ lengths) per level instead of T²
 * @source Yang et al. (2016), Hierarchical attention networks for document classification
 * @example
 * import { hierarchicalAttention } from '@dendrite/attention';
 * import { zeros } from '@dendrite/core';
 * const reader = hierarchicalAttention({ levels: [{ length: 10 }, { heads: 2 }] });
 * const x = zeros([2, 95, 8]);
 * reader.init(x.runtime.key(1), x.shape).output; // [2, 8]
 */
export function hierarchicalAttention(
  options: HierarchicalAttentionOptions & { readonly weights: true },
): HierarchicalAttention<Read>;
export function hierarchicalAttention(options: HierarchicalAttentionOptions): HierarchicalAttention;
export function hierarchicalAttention(options: HierarchicalAttentionOptions): HierarchicalAttention<Read | Tensor> {
  const owner = 'hierarchicalAttention';
  checkOptions(owner, options, {
    levels: { must: 'be a list of levels', holds: (value) => Array.isArray(value) && value.length > 0 },
    dropout: fraction,
    weights: flag,
  });
  const { levels = [], dropout = 0, weights = false } = options;
  for (const [i, level] of levels.entries()) checkLevel(owner, level, i === levels.length - 1);
  return layerByWidth({
    owner,
    name: 'attention/hierarchical-attention',
    config: { levels: levels.map(levelJson), dropout, weights },
    packages: Object.assign({}, ...levels.map(({ encoder }) => typeof encoder === 'object' && encoder.packages)),
    main: 'x',
    make: () =>
      network(layersOf(levels, dropout), (layers, input: EncoderInput): Read | Tensor => {
        let { x, mask } = maskedInput(input);
        const found: Tensor[] = [];
        for (const [i, { length }] of levels.entries()) {
          const grouped = inGroups(x, mask, length ?? Math.max(1, x.shape[1] ?? 0));
          const read = layers[`read${i}`];
          const keyMask = grouped.mask && { keyMask: grouped.mask };
          const seen = read === undefined ? grouped.x : (read({ x: grouped.x, ...keyMask }) as Tensor);
          const pooled = layers[`pool${i}`]?.({ x: seen, ...keyMask }) as Pooled;
          const [batch = 0] = x.shape;
          const wholes = (grouped.x.shape[0] ?? 0) / Math.max(1, batch);
          found.push(reshape(pooled.weights, [batch, pooled.weights.size / Math.max(1, batch)]));
          x = reshape(pooled.y, [batch, wholes, pooled.y.shape[1] ?? 0]);
          mask = grouped.mask && reshape(any(grouped.mask, { axes: 1 }), [batch, wholes]);
        }
        const y = reshape(x, [x.shape[0] ?? 0, x.shape[2] ?? 0]);
        return weights ? { y, weights: found } : y;
      }),
  });
}

type Reader = Layer<Tree, Tree, EncoderInput, Tree>;
/** `read0, pool0, read1, …`; a level that only pools has no reader. */
function layersOf(levels: readonly AttentionLevel[], dropout: number): Readonly<Record<string, Reader>> {
  const made: Record<string, Reader> = {};
  for (const [i, { heads, encoder }] of levels.entries()) {
    if (heads !== undefined) made[`read${i}`] = transformerEncoderLayer({ heads, dropout, rotary: true });
    else if (encoder !== undefined) made[`read${i}`] = withoutMask(encoder);
    made[`pool${i}`] = attentionPooling({ weights: true });
  }
  return made;
}

/** A layer of one tensor, given the tensor with its padding set to zero. */
function withoutMask(encoder: LayerLike): Reader {
  return network({ encoder }, (layers, input: EncoderInput): Tree => {
    if (isTensor(input)) return layers.encoder(input);
    const { x, keyMask } = input;
    return layers.encoder(keyMask ? mul(x, reshape(cast(keyMask, x.dtype), [...keyMask.shape, 1])) : x);
  });
}

function maskedInput(input: EncoderInput): { x: Tensor; mask: Tensor | undefined } {
  if (isTensor(input)) return { x: input, mask: undefined };
  const { x, keyMask, keyLengths } = input;
  return { x, mask: keyMask ?? (keyLengths && lengthMask(keyLengths, x.shape[1] ?? 0)) };
}

/** `[B, T, C]` as `[B · wholes, length, C]`, filled up with zeros that the mask hides. */
function inGroups(x: Tensor, mask: Tensor | undefined, length: number): { x: Tensor; mask: Tensor | undefined } {
  const [batch = 0, tokens = 0, width = 0] = x.shape;
  const wholes = Math.max(1, Math.ceil(tokens / length));
  const missing = wholes * length - tokens;
  const all = mask ?? (missing > 0 ? lengthMask(fullLengths(x, batch, tokens), tokens) : undefined);
  const filled = missing > 0 ? pad(x, { before: [0, 0, 0], after: [0, missing, 0] }) : x;
  const hidden = all && missing > 0 ? pad(all, { before: [0, 0], after: [0, missing] }) : all;
  return {
    x: reshape(filled, [batch * wholes, length, width]),
    mask: hidden && reshape(hidden, [batch * wholes, length]),
  };
}
const fullLengths = ({ runtime }: Tensor, batch: number, tokens: number): Tensor =>
  runtime.tensor(new Int32Array(batch).fill(tokens), [batch]);

const levelJson = ({ length, heads, encoder }: AttentionLevel): Json => ({
  ...(length !== undefined && { length }),
  ...(heads !== undefined && { heads }),
  ...(encoder !== undefined && { encoder: layerJson(encoder) }),
});

function checkLevel(owner: string, level: AttentionLevel, last: boolean): void {
  checkOptions(`${owner}(): a level`, level, {
    length: count,
    heads: count,
    encoder: {
      must: 'be a layer or a function',
      holds: (value) => typeof value === 'object' || typeof value === 'function',
    },
  });
  if (last === (level.length !== undefined))
    throw new DendriteError(
      'OPTION',
      last
        ? `${owner}(): the last level must take all that is left, got length ${level.length}. Leave it out, or add a level { } behind it.`
        : `${owner}(): every level but the last must have a length, got none.`,
    );
  if (level.heads !== undefined && level.encoder !== undefined)
    throw new DendriteError('OPTION', `${owner}(): a level must have heads or an encoder of its own, got both.`);
}
