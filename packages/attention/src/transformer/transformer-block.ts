/** What encoder and decoder layers share: options, the feed-forward part, and a shortcut with its norm before or behind. */
import { add, gelu } from '@dendrite/core';
import { type ActivationOption, activationJson, dense, sequential } from '@dendrite/nn';
import { activationRule, checkOptions, count, flag, fraction, oneOf, type Rule } from '@dendrite/nn/options';
import type { Json, Layer, Tensor } from '@dendrite/spec';

export interface TransformerOptions {
  readonly heads: number;
  readonly feedForward?: number;
  readonly activation?: ActivationOption;
  readonly norm?: 'pre' | 'post';
  readonly dropout?: number;
  readonly rotary?: boolean;
}
/** Options with their defaults; `feedForward` waits for the width. */
export type FilledOptions = Required<Omit<TransformerOptions, 'feedForward'>> & { readonly feedForward?: number };

export const transformerRules: Readonly<Record<string, Rule>> = {
  heads: count,
  feedForward: count,
  activation: activationRule,
  norm: oneOf('pre', 'post'),
  dropout: fraction,
  rotary: flag,
};

/** @throws OPTION */
export function filledOptions(
  owner: string,
  options: TransformerOptions,
  more: Readonly<Record<string, Rule>> = {},
): FilledOptions {
  const { heads, feedForward, activation = gelu, norm = 'pre', dropout = 0, rotary = false } = options;
  checkOptions(owner, { ...options, heads }, { ...transformerRules, ...more });
  return { heads, activation, norm, dropout, rotary, ...(feedForward !== undefined && { feedForward }) };
}

/** As a layer's config holds them. */
export const optionsJson = ({ activation, ...rest }: FilledOptions): Readonly<Record<string, Json>> => ({
  ...rest,
  activation: activationJson(activation),
});

/** `dense → activation → dense`, at every token alike. */
export const feedForward = (width: number, { feedForward: inner = 4 * width, activation }: FilledOptions): Layer =>
  sequential(dense(inner, { activation }), dense(width));

type Applied = (x: Tensor) => Tensor;
/** `x + dropout(f(norm(x)))`, or `norm(x + dropout(f(x)))`. */
export function shortcut(place: 'pre' | 'post', norm: Applied, dropout: Applied, x: Tensor, f: Applied): Tensor {
  return place === 'pre' ? add(x, dropout(f(norm(x)))) : norm(add(x, dropout(f(x))));
}
