/** @dendrite/rnn-lstm/ops: whole sequences as ops, and one cell over a sequence in one direction. */
export { type DirectionOptions, runDirection } from './direction/run-direction.ts';
export { gruSequence } from './gru/gru-op.ts';
export { lstmSequence } from './lstm/lstm-op.ts';
export type { CellRule } from './recurrence/cell-rule.ts';
export type { Recurrence } from './recurrence/recurrence-op.ts';
export { simpleRnnSequence } from './simple-rnn/simple-rnn-op.ts';
