/** The LSTM over a whole sequence, as an op. */
import { type Recurrence, recurrenceOps } from '../recurrence/recurrence-op.ts';
import { lstmRule } from './lstm-rule.ts';

export const lstmSequence: Recurrence = /*#__PURE__*/ recurrenceOps(lstmRule);
