/** The simple recurrent network over a whole sequence, as an op; attribute `activation`. */
import { type Recurrence, recurrenceOps } from '../recurrence/recurrence-op.ts';
import { simpleRnnRule } from './simple-rnn-rule.ts';

export const simpleRnnSequence: Recurrence = /*#__PURE__*/ recurrenceOps(simpleRnnRule);
