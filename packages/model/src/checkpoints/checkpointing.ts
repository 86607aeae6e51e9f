/** What making a checkpoint takes: loaded together, when the first one is made. */
export { callbackStates } from '../define-model/callback-states.ts';
export { makeCheckpoint } from './make-checkpoint.ts';
