/** The simple recurrent layer. */
import {
  type HiddenState,
  type RecurrentLayer,
  type RecurrentOptions,
  recurrentLayer,
} from '../layer/recurrent-layer.ts';
import { checkValue, oneOf } from '../option/check-options.ts';
import { simpleRnnSequence } from './simple-rnn-op.ts';

export interface SimpleRnnOptions extends RecurrentOptions {
  /** Default `'tanh'`. */
  readonly activation?: 'tanh' | 'relu';
}
export type SimpleRnn = RecurrentLayer<HiddenState>;

/**
 * Simple recurrent network: `h' = activation(x·W + b + h·U)`; `[B, T, C]` → `[B, T, H]`, or `[B, H]` with `output: 'last'`.
 * Its gradients vanish or explode over long sequences: see `gradientNormsByStep`. Remember more with `lstm` or `gru`.
 * @param units  H, at least 1
 * @param options.activation  `'tanh'` (default) or `'relu'`; further options as of `lstm`, without `forgetBias`
 * @throws OPTION, SHAPE  as `lstm`
 * @source Elman (1990); Le, Jaitly and Hinton (2015) for relu with an identity as recurrent weights
 * @example
 * import { simpleRnn } from '@dendrite/rnn-lstm';
 * const layer = simpleRnn(16, { activation: 'relu' });
 */
export function simpleRnn(units: number, options: SimpleRnnOptions = {}): SimpleRnn {
  const { activation = 'tanh', ...shared } = options;
  checkValue('simpleRnn', 'activation', activation, oneOf('tanh', 'relu'));
  return recurrentLayer<HiddenState>({
    name: 'rnn-lstm/simple-rnn',
    recurrence: simpleRnnSequence,
    units,
    options: shared,
    attributes: { activation },
    own: { activation },
  });
}
