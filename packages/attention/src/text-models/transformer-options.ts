/** Options that all models of text in this package share: the size of their transformer, and those of every net. */
import type { NetOptions } from '@dendrite/nn';
import { anything, checkOptions, count, depth, fraction, type Rule } from '@dendrite/nn/options';
import type { Json } from '@dendrite/spec';

export interface TextNetOptions extends Omit<NetOptions, 'scaling'> {
  /** Numbers a token is made to. Default 64; a multiple of `heads`. */
  readonly width?: number;
  /** Default 4. */
  readonly heads?: number;
  /** Transformer layers. Default 2. */
  readonly layers?: number;
  /** Share that training drops in each part. Default 0.1. */
  readonly dropout?: number;
}
export interface Size {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly dropout: number;
}

const sizeRules: Readonly<Record<string, Rule>> = { width: count, heads: count, layers: depth, dropout: fraction };
/** Checked by the net itself. */
const netNames: readonly string[] = ['optimizer', 'clip', 'accumulate', 'lossScale', 'epochs', 'batchSize'];
const netRules: Readonly<Record<string, Rule>> = Object.fromEntries(netNames.map((name) => [name, anything]));

/** The options of a model, checked: the size of its net, and what every net takes. @throws OPTION */
export function takeTextNet(
  owner: string,
  options: TextNetOptions,
  rules: Readonly<Record<string, Rule>>,
): { readonly size: Size; readonly net: NetOptions } {
  checkOptions(owner, options, { ...sizeRules, ...netRules, ...rules });
  const { width = 64, heads = 4, layers = 2, dropout = 0.1 } = options;
  checkOptions(
    owner,
    { width },
    { width: { must: `be a multiple of its ${heads} heads`, holds: (value) => Number(value) % heads === 0 } },
  );
  const net = Object.fromEntries(Object.entries(options).filter(([name]) => netNames.includes(name)));
  return { size: { width, heads, layers, dropout }, net: { ...net, scaling: 'none' } };
}
export const sizeJson = (size: Size): { readonly [name: string]: Json } => ({ ...size });
