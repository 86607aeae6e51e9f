/** What `simpleRnn`, `lstm` and `gru` have in common: levels above each other, directions, dropout between them, states. */
import { concat, fill, stopGradient } from '@dendrite/core';
import { dropout, glorotUniform, type Initializer, initializerJson, orthogonal } from '@dendrite/nn';
import {
  type Attributes,
  type Context,
  DendriteError,
  type Key,
  type Layer,
  type Shape,
  type Tensor,
} from '@dendrite/spec';
import { type CellParams, newCellParams } from '../direction/cell-params.ts';
import { runDirection, zerosOf } from '../direction/run-direction.ts';
import {
  anything,
  checkOptions,
  checkValue,
  count,
  depth,
  flag,
  fraction,
  initializerRule,
  oneOf,
} from '../option/check-options.ts';
import type { Recurrence } from '../recurrence/recurrence-op.ts';
import { version } from '../version.ts';
import { lengthsOf } from './lengths.ts';

export interface RecurrentOptions {
  /** Levels above each other, each on the outputs of the one below. Default 1. */
  readonly layers?: number;
  /** A second cell reads each sequence from its end; outputs stand side by side. Default false. */
  readonly bidirectional?: boolean;
  /** From the last step to the first. Default false. */
  readonly reverse?: boolean;
  /** Default true. */
  readonly bias?: boolean;
  /** Share of a level's outputs that training sets to 0 before the next level. Default 0. */
  readonly dropout?: number;
  /** `'sequence'`: outputs of all steps, `[B, T, H]` (default). `'last'`: the hidden state at the end, `[B, H]`. */
  readonly output?: 'sequence' | 'last';
  /** Of the input weights, one gate's `[C, H]` at a time. Default `glorotUniform`. */
  readonly initializer?: Initializer;
  /** Of the recurrent weights, one gate's `[H, H]` at a time. Default `orthogonal()`. */
  readonly recurrentInitializer?: Initializer;
  /**
   * Truncated backpropagation: in training the state of this many sequences, the rows of every batch, goes on from batch to batch,
   * and no gradient goes back through it. Default: each batch begins with zeros.
   */
  readonly carry?: number;
}
/** The state of one cell, `[B, H]`. */
export type HiddenState = { readonly hidden: Tensor };
export type LstmState = { readonly hidden: Tensor; readonly cell: Tensor };
/** A level's cells. */
export type LevelParams = { readonly forward: CellParams; readonly backward?: CellParams };
/** With `carry`: the states of the cells, level by level; else none. */
export type CarriedState<S extends HiddenState> = readonly S[];

export interface RunOptions<S extends HiddenState> {
  /** One for each cell: level by level, forwards before backwards. Default zeros. */
  readonly state?: readonly S[];
  /** How many steps of each sequence count. Outputs behind them are 0, and the last state is that of the last step that counts. */
  readonly lengths?: Tensor | readonly number[];
  /** For dropout. Default: not training. */
  readonly training?: boolean;
  readonly key?: Key;
}
export interface RecurrentRun<S extends HiddenState> {
  /** `[B, T, H]`, `[B, T, 2·H]` if bidirectional; of the highest level. */
  readonly outputs: Tensor;
  /** As `state` in the options. */
  readonly state: readonly S[];
}
export type RecurrentLayer<S extends HiddenState> = Layer<readonly LevelParams[], CarriedState<S>>;
/** What `runSequence` finds on a layer; not in its type, which compositions compare member by member. */
interface Runs<S extends HiddenState> {
  run(params: readonly LevelParams[], x: Tensor, options: RunOptions<S>): RecurrentRun<S>;
}

/**
 * A recurrent layer with states and lengths in and out: what `apply` leaves at its defaults.
 * @param layer   of `lstm`, `gru` or `simpleRnn`
 * @param params  its parameters, from `init`
 * @param x       `[B, T, C]`
 * @param options.state     one for each cell, level by level, forwards before backwards; default zeros
 * @param options.lengths   steps that count, `[B]`: outputs behind them are 0, the last state is that of the last step that counts
 * @param options.training  with `key`: dropout between levels; default false
 * @returns  outputs `[B, T, H]` (`[B, T, 2·H]` if bidirectional) of the highest level, and the last states in the order of `state`
 * @throws SHAPE, OPTION, DATA
 * @example
 * import { zeros } from '@dendrite/core';
 * import { lstm, runSequence } from '@dendrite/rnn-lstm';
 * const layer = lstm(8);
 * const x = zeros([2, 5, 3]);
 * const { params } = layer.init(x.runtime.key(7), x.shape);
 * const { outputs, state } = runSequence(layer, params, x, { lengths: [5, 2] });
 * [outputs.shape, state[0]?.cell.shape]; // [[2, 5, 8], [2, 8]]
 */
export function runSequence<S extends HiddenState>(
  layer: RecurrentLayer<S>,
  params: readonly LevelParams[],
  x: Tensor,
  options: RunOptions<S> = {},
): RecurrentRun<S> {
  const found: object = layer;
  if (!('run' in found))
    throw new DendriteError(
      'OPTION',
      `runSequence(): layer must be an lstm, a gru or a simpleRnn, got '${layer.name}'. Give it one of these, not a composition.`,
    );
  return (found as Runs<S>).run(params, x, options);
}

interface Kind {
  readonly name: `rnn-lstm/${string}`;
  readonly recurrence: Recurrence;
  readonly units: number;
  readonly options: RecurrentOptions;
  readonly attributes?: Attributes;
  readonly forgetBias?: number;
  /** Options of its own in the config, and their names. */
  readonly own?: { readonly [name: string]: number | string };
}

/** @throws OPTION  for an unknown option or a value out of its range */
export function recurrentLayer<S extends HiddenState>(kind: Kind): RecurrentLayer<S> {
  const { name, recurrence, units, options, attributes = {}, forgetBias = 0, own = {} } = kind;
  const { rule } = recurrence;
  checkValue(rule.called, 'units', units, count);
  checkOptions(rule.called, options, {
    layers: depth,
    bidirectional: flag,
    reverse: flag,
    bias: flag,
    dropout: fraction,
    output: oneOf('sequence', 'last'),
    initializer: initializerRule,
    recurrentInitializer: initializerRule,
    carry: count,
    ...Object.fromEntries(Object.keys(own).map((each) => [each, anything])),
  });
  const {
    layers = 1,
    bidirectional = false,
    reverse = false,
    bias = true,
    dropout: rate = 0,
    output = 'sequence',
    initializer = glorotUniform,
    recurrentInitializer = orthogonal(),
    carry,
  } = options;
  if (bidirectional && (reverse || carry !== undefined))
    throw new DendriteError(
      'OPTION',
      `${rule.called}(): ${reverse ? 'reverse' : 'carry'} must not be given with bidirectional, which reads each sequence from both ends. Leave one out.`,
    );
  const directions = bidirectional ? 2 : 1;
  const between = dropout(rate);
  const start = { initializer, recurrentInitializer, bias, forgetBias };

  const run = (
    params: readonly LevelParams[],
    x: Tensor,
    { state, lengths, training = false, key }: RunOptions<S>,
  ): RecurrentRun<S> => {
    const cells = layers * directions;
    if (state && state.length !== cells)
      throw new DendriteError(
        'OPTION',
        `${rule.called}(): state must have one entry for each of its ${cells} cells, got ${state.length}. They come level by level, forwards before backwards.`,
      );
    const [batch = 0, steps = 0] = x.shape;
    const counted = lengthsOf(rule.called, lengths, x.runtime, batch, steps);
    const ends: S[] = [];
    let value = x;
    for (let level = 0; level < layers; level++) {
      const { forward, backward } = levelAt(rule.called, params, level);
      if (level > 0 && rate > 0 && training && key)
        value = between.apply({ params: {}, state: {} }, value, { training, key: key.fork(`dropout.${level}`) })[0];
      const outputs = [forward, ...(backward ? [backward] : [])].map((cell, direction) => {
        const given = state?.[level * directions + direction];
        const [y, ...last] = runDirection(recurrence, cell, value, {
          states: given ? statesIn(given) : statesOf(value, batch),
          reverse: reverse || direction === 1,
          attributes,
          ...(counted && { lengths: counted }),
        });
        ends.push(stateOf<S>(last));
        return y ?? value;
      });
      value = outputs.length === 1 ? (outputs[0] ?? value) : concat(outputs, { axis: 2 });
    }
    return { outputs: value, state: ends };
  };
  const statesOf = (like: Tensor, batch: number): readonly Tensor[] =>
    Array.from({ length: rule.states }, () => zerosOf(like, [batch, units]));

  const made: RecurrentLayer<S> & Runs<S> = {
    '~dendrite': 'layer',
    name,
    packages: { '@dendrite/rnn-lstm': version },
    config: {
      units,
      layers,
      bidirectional,
      reverse,
      bias,
      dropout: rate,
      output,
      initializer: initializerJson(initializer),
      recurrentInitializer: initializerJson(recurrentInitializer),
      ...(carry !== undefined && { carry }),
      ...own,
    },
    run,
    init(key: Key, input: Shape) {
      const [batch = 0, steps = 0, channels] = input;
      if (input.length !== 3 || channels === undefined)
        throw new DendriteError(
          'SHAPE',
          `${rule.called}(): x must be [batch, time, channels], got [${input.join(', ')}]. Give a series a channel axis of length 1.`,
        );
      const params = Array.from({ length: layers }, (_, level): LevelParams => {
        const width = level === 0 ? channels : units * directions;
        const cell = (direction: string): CellParams =>
          newCellParams(rule, key.fork(`${level}.${direction}`), width, units, start);
        return { forward: cell('forward'), ...(bidirectional && { backward: cell('backward') }) };
      });
      const zero = (): S =>
        stateOf<S>(Array.from({ length: rule.states }, () => fill(key.runtime, { shape: [carry ?? 0, units] }, 0)));
      const state = carry === undefined ? [] : Array.from({ length: layers }, zero);
      const width = units * directions;
      return { params, state, output: output === 'last' ? [batch, width] : [batch, steps, width] };
    },
    apply({ params, state }, x: Tensor, { training, key }: Context) {
      const carried = training && carry !== undefined ? state : undefined;
      if (carried && x.shape[0] !== carry)
        throw new DendriteError(
          'SHAPE',
          `${rule.called}(): a batch must have the ${carry} sequences whose state is carried, got ${x.shape[0]}. Give carry the batch size, and batches that are all full.`,
        );
      const { outputs, state: ends } = run(params, x, { training, key, ...(carried && { state: carried }) });
      const y = output === 'sequence' ? outputs : hiddenAtEnd(ends, directions);
      return [y, carried ? ends.map(detached) : state];
    },
  };
  return Object.freeze(made);
}

/** `hidden` and `cell` of the states in the order of the op, and back. */
const statesIn = (state: HiddenState & { readonly cell?: Tensor }): readonly Tensor[] =>
  state.cell ? [state.hidden, state.cell] : [state.hidden];
function stateOf<S extends HiddenState>([hidden, cell]: readonly Tensor[]): S {
  const made: object = cell ? { hidden, cell } : { hidden };
  // `S` has a cell exactly where the rule has two states.
  return made as S;
}
const detached = <S extends HiddenState>(state: S): S => stateOf<S>(statesIn(state).map((each) => stopGradient(each)));
/** The last hidden state of the highest level, `[B, H]`; of both directions side by side. */
export function hiddenAtEnd(states: readonly HiddenState[], directions: number): Tensor {
  const [first, second] = states.slice(-directions).map(({ hidden }) => hidden);
  if (!first) throw new DendriteError('BACKEND', 'recurrent layer: must have a state at its end, got none.');
  return second ? concat([first, second], { axis: 1 }) : first;
}
function levelAt(called: string, params: readonly LevelParams[], level: number): LevelParams {
  const found = params[level];
  if (!found)
    throw new DendriteError(
      'OPTION',
      `${called}(): params must have one entry for each level, got ${params.length}. Use those that init made.`,
    );
  return found;
}
