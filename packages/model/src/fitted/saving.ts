/** What a saved model takes: loaded together, when the first one is saved. */
export { runTerms } from '../checkpoints/run-terms.ts';
export { makeProbe } from './make-probe.ts';
export { packagesOf, saveTrained } from './save.ts';
