/** Single steps, for loops of your own: a cell takes a state and gives the next. */
import { expandDims } from '@dendrite/core';
import { glorotUniform, type Initializer, initializerJson, orthogonal } from '@dendrite/nn';
import { type Attributes, DendriteError, type Layer, type Tensor } from '@dendrite/spec';
import { type CellParams, newCellParams } from '../direction/cell-params.ts';
import { runDirection } from '../direction/run-direction.ts';
import { gruSequence } from '../gru/gru-op.ts';
import { lstmSequence } from '../lstm/lstm-op.ts';
import {
  anything,
  checkOptions,
  checkValue,
  count,
  flag,
  initializerRule,
  number,
  oneOf,
} from '../option/check-options.ts';
import type { Recurrence } from '../recurrence/recurrence-op.ts';
import { simpleRnnSequence } from '../simple-rnn/simple-rnn-op.ts';
import { version } from '../version.ts';
import type { HiddenState, LstmState } from './recurrent-layer.ts';

export interface CellOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Default `glorotUniform`. */
  readonly initializer?: Initializer;
  /** Default `orthogonal()`. */
  readonly recurrentInitializer?: Initializer;
}
type NoState = Readonly<Record<never, never>>;
/** `apply({ params, state }, { x, hidden, cell }, context)` gives the next `{ hidden, cell }`; x is `[B, C]`. */
export type Cell<S extends HiddenState> = Layer<CellParams, NoState, { readonly x: Tensor } & S, S>;

/**
 * One step of an LSTM: `{ x [B, C], hidden [B, H], cell [B, H] }` → `{ hidden, cell }`, with the values of `lstm`.
 * @param units  H, at least 1
 * @param options.forgetBias  default 1; `bias`, `initializer`, `recurrentInitializer` as of `lstm`
 * @throws OPTION, SHAPE
 * @example
 * import { tensor, zeros } from '@dendrite/core';
 * import { lstmCell } from '@dendrite/rnn-lstm';
 * const cell = lstmCell(4);
 * const key = tensor([0]).runtime.key(7);
 * const { params, state } = cell.init(key, { x: [1, 1], hidden: [1, 4], cell: [1, 4] });
 * let now = { hidden: zeros([1, 4]), cell: zeros([1, 4]) };
 * for (const value of [0.5, -1, 2]) [now] = cell.apply({ params, state }, { x: tensor([[value]]), ...now }, { training: false, key });
 */
export const lstmCell = (
  units: number,
  { forgetBias = 1, ...options }: CellOptions & { readonly forgetBias?: number } = {},
): Cell<LstmState> => {
  checkValue('lstmCell', 'forgetBias', forgetBias, number);
  return cellOf<LstmState>('lstmCell', 'rnn-lstm/lstm-cell', lstmSequence, units, options, { forgetBias });
};

/** One step of a GRU: `{ x, hidden }` → `{ hidden }`. @throws OPTION, SHAPE */
export const gruCell = (units: number, options: CellOptions = {}): Cell<HiddenState> =>
  cellOf<HiddenState>('gruCell', 'rnn-lstm/gru-cell', gruSequence, units, options);

/** One step of a simple recurrent network: `{ x, hidden }` → `{ hidden }`. @param options.activation  `'tanh'` (default) or `'relu'` @throws OPTION, SHAPE */
export const simpleRnnCell = (
  units: number,
  { activation = 'tanh', ...options }: CellOptions & { readonly activation?: 'tanh' | 'relu' } = {},
): Cell<HiddenState> => {
  checkValue('simpleRnnCell', 'activation', activation, oneOf('tanh', 'relu'));
  return cellOf<HiddenState>('simpleRnnCell', 'rnn-lstm/simple-rnn-cell', simpleRnnSequence, units, options, {
    activation,
  });
};

function cellOf<S extends HiddenState>(
  called: string,
  name: string,
  recurrence: Recurrence,
  units: number,
  options: CellOptions,
  own: { readonly forgetBias?: number; readonly activation?: string } = {},
): Cell<S> {
  checkValue(called, 'units', units, count);
  checkOptions(called, options, {
    bias: flag,
    initializer: initializerRule,
    recurrentInitializer: initializerRule,
    ...Object.fromEntries(Object.keys(own).map((each) => [each, anything])),
  });
  const { bias = true, initializer = glorotUniform, recurrentInitializer = orthogonal() } = options;
  const { forgetBias = 0, activation } = own;
  const attributes: Attributes = activation === undefined ? {} : { activation };
  const none: NoState = Object.freeze({});
  const cell: object = {
    '~dendrite': 'layer',
    name,
    packages: { '@dendrite/rnn-lstm': version },
    config: {
      units,
      bias,
      initializer: initializerJson(initializer),
      recurrentInitializer: initializerJson(recurrentInitializer),
      ...own,
    },
    init(key, { x }: { readonly x: readonly number[] }) {
      const [batch = 0, channels] = x;
      if (x.length !== 2 || channels === undefined)
        throw new DendriteError('SHAPE', `${called}(): x must be [batch, channels], got [${x.join(', ')}].`);
      const params = newCellParams(recurrence.rule, key, channels, units, {
        initializer,
        recurrentInitializer,
        bias,
        forgetBias,
      });
      const output = { hidden: [batch, units], ...(recurrence.rule.states === 2 && { cell: [batch, units] }) };
      return { params, state: none, output };
    },
    apply({ params }, { x, hidden, cell: before }: { x: Tensor; hidden: Tensor; cell?: Tensor }) {
      const [, next, cellState] = runDirection(recurrence, params, expandDims(x, { axis: 1 }), {
        states: before ? [hidden, before] : [hidden],
        attributes,
      });
      return [cellState ? { hidden: next, cell: cellState } : { hidden: next }, none];
    },
  } satisfies Pick<Layer<CellParams, NoState>, '~dendrite' | 'name' | 'config' | 'packages'> & {
    init(key: Parameters<Layer['init']>[0], shapes: { readonly x: readonly number[] }): object;
    apply(
      variables: { readonly params: CellParams },
      state: { x: Tensor; hidden: Tensor; cell?: Tensor },
    ): readonly [object, NoState];
  };
  // Which states there are is the rule's to know; `S` says the same.
  return Object.freeze(cell) as Cell<S>;
}
