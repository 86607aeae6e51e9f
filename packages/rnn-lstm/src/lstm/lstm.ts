/** The LSTM layer. */
import {
  type LstmState,
  type RecurrentLayer,
  type RecurrentOptions,
  recurrentLayer,
} from '../layer/recurrent-layer.ts';
import { checkValue, number } from '../option/check-options.ts';
import { lstmSequence } from './lstm-op.ts';

export interface LstmOptions extends RecurrentOptions {
  /** What the biases of the forget gates begin with: above 0, a cell begins by remembering. Default 1. */
  readonly forgetBias?: number;
}
export type Lstm = RecurrentLayer<LstmState>;

/**
 * Long short-term memory: `[B, T, C]` → `[B, T, H]`, or `[B, H]` with `output: 'last'`.
 * `i, f, o = σ(x·W + b + h·U)`, `g = tanh(x·W + b + h·U)`, `c' = f·c + i·g`, `h' = o·tanh(c')`.
 * `runSequence(layer, params, x, { state, lengths })` takes ragged lengths and states and gives the last ones.
 * @param units  H, at least 1
 * @param options.layers         levels above each other, default 1
 * @param options.bidirectional  a second cell reads from the end, and outputs are `2·H` wide; default false
 * @param options.dropout        share of a level's outputs that training drops before the next, [0, 1), default 0
 * @param options.output         `'sequence'` (default) or `'last'`
 * @param options.carry          rows of every batch whose state goes on to the next in training; default none
 * @param options.forgetBias     default 1; further options: see `RecurrentOptions`
 * @throws OPTION  for an unknown option or a value out of its range; SHAPE for an input that is not `[B, T, C]`
 * @source Hochreiter and Schmidhuber (1997); Gers, Schmidhuber and Cummins (2000); Jozefowicz et al. (2015) for the forget bias
 * @example
 * import { dense, sequential } from '@dendrite/nn';
 * import { lstm } from '@dendrite/rnn-lstm';
 * const net = sequential(lstm(32), lstm(32, { output: 'last' }), dense(2));
 */
export function lstm(units: number, options: LstmOptions = {}): Lstm {
  const { forgetBias = 1, ...shared } = options;
  checkValue('lstm', 'forgetBias', forgetBias, number);
  return recurrentLayer<LstmState>({
    name: 'rnn-lstm/lstm',
    recurrence: lstmSequence,
    units,
    options: shared,
    forgetBias,
    own: { forgetBias },
  });
}
