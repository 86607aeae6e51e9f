/** Options that all models of this package share, and the recurrent layer that they ask for. */
import type { NetOptions } from '@dendrite/nn';
import type { Json } from '@dendrite/spec';
import { gru } from '../gru/gru.ts';
import type { HiddenState, RecurrentLayer } from '../layer/recurrent-layer.ts';
import { lstm } from '../lstm/lstm.ts';
import { anything, checkOptions, count, depth, flag, fraction, oneOf, type Rule } from '../option/check-options.ts';
import { simpleRnn } from '../simple-rnn/simple-rnn.ts';

export interface BodyOptions extends Omit<NetOptions, 'scaling'> {
  /** Default `'lstm'`. */
  readonly cell?: 'lstm' | 'gru' | 'simpleRnn';
  /** Units of each level and direction. Default 32. */
  readonly units?: number;
  /** Levels above each other. Default 1. */
  readonly layers?: number;
  /** Share of a level's outputs that training drops before the next. Default 0. */
  readonly dropout?: number;
}
export const bodyRules: Readonly<Record<string, Rule>> = {
  cell: oneOf('lstm', 'gru', 'simpleRnn'),
  units: count,
  layers: depth,
  dropout: fraction,
  bidirectional: flag,
};
/** Checked by the net itself. */
const netRules: Readonly<Record<string, Rule>> = Object.fromEntries(
  ['optimizer', 'clip', 'accumulate', 'lossScale', 'epochs', 'batchSize'].map((name) => [name, anything]),
);

export interface Body {
  readonly cell: 'lstm' | 'gru' | 'simpleRnn';
  readonly units: number;
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly dropout: number;
}

/** The options of a model, checked: those of its body, and those of every net. @throws OPTION */
export function takeBody<O extends BodyOptions & { readonly bidirectional?: boolean }>(
  owner: string,
  options: O,
  rules: Readonly<Record<string, Rule>>,
): { readonly body: Body; readonly net: NetOptions } {
  checkOptions(owner, options, { ...bodyRules, ...netRules, ...rules });
  const { cell = 'lstm', units = 32, layers = 1, bidirectional = false, dropout = 0 } = options;
  const net = Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(netRules, name)));
  return { body: { cell, units, layers, bidirectional, dropout }, net: { ...net, scaling: 'none' } };
}

export const bodyJson = (body: Body): { readonly [name: string]: Json } => ({ ...body });

/** The recurrent layer. `carry`: see `RecurrentOptions`. */
export function bodyLayer(
  { cell, units, ...options }: Body,
  more: { readonly carry?: number; readonly output?: 'sequence' | 'last' } = {},
): RecurrentLayer<HiddenState> {
  const all = { ...options, ...more };
  if (cell === 'gru') return gru(units, all);
  if (cell === 'simpleRnn') return simpleRnn(units, all);
  // An LSTM's states have a cell besides, which nobody here looks at.
  const made: object = lstm(units, all);
  return made as RecurrentLayer<HiddenState>;
}
