/** @dendrite/optimizers: what turns gradients into the next parameters. Pure `init` and `update`; one op a step and parameter. */
export { type AdaGradOptions, type AdaGradState, adaGrad } from './ada-grad/ada-grad.ts';
export { type AdamOptions, adam } from './adam/adam.ts';
export type { AdamState } from './adam/adam-update.ts';
export { adamW } from './adam/adam-w.ts';
export { clipByGlobalNorm } from './clipping/clip-by-global-norm.ts';
export { clipByValue } from './clipping/clip-by-value.ts';
export { type Clipping, clipped } from './clipping/clipped.ts';
export { optimizersTable } from './optimizers-table.ts';
export { type RmsPropOptions, type RmsPropState, rmsProp } from './rms-prop/rms-prop.ts';
export { type SgdOptions, type SgdState, sgd } from './sgd/sgd.ts';
