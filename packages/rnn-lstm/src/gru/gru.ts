/** The GRU layer. */
import {
  type HiddenState,
  type RecurrentLayer,
  type RecurrentOptions,
  recurrentLayer,
} from '../layer/recurrent-layer.ts';
import { gruSequence } from './gru-op.ts';

export type Gru = RecurrentLayer<HiddenState>;

/**
 * Gated recurrent unit: `[B, T, C]` → `[B, T, H]`, or `[B, H]` with `output: 'last'`.
 * `r, z = σ(x·W + b + h·U + u)`, `n = tanh(x·W + b + r·(h·U + u))`, `h' = (1 − z)·n + z·h`: the reset gate comes behind the recurrent
 * product, as in PyTorch and Keras.
 * @param units    H, at least 1
 * @param options  as of `lstm`, without `forgetBias`
 * @throws OPTION, SHAPE  as `lstm`
 * @source Cho et al. (2014)
 * @example
 * import { gru } from '@dendrite/rnn-lstm';
 * import { dense, sequential } from '@dendrite/nn';
 * const net = sequential(gru(32, { layers: 2, bidirectional: true, dropout: 0.2, output: 'last' }), dense(3));
 */
export const gru = (units: number, options: RecurrentOptions = {}): Gru =>
  recurrentLayer<HiddenState>({ name: 'rnn-lstm/gru', recurrence: gruSequence, units, options });
