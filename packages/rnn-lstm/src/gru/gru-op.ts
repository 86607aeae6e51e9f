/** The GRU over a whole sequence, as an op. */
import { type Recurrence, recurrenceOps } from '../recurrence/recurrence-op.ts';
import { gruRule } from './gru-rule.ts';

export const gruSequence: Recurrence = /*#__PURE__*/ recurrenceOps(gruRule);
