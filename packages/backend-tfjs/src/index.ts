/** @dendrite/backend-tfjs: TensorFlow.js's routines under Dendrite's tensors and gradients. */
export { fromTfjs, type TfjsNamespace, type TfjsTensor, toTfjs } from './convert-tensors.ts';
export type { TfjsOptions, TfjsVariant } from './load/tfjs-options.ts';
export { type TfjsSupport, type TfjsWay, tfjsSupport } from './support/tfjs-support.ts';
export { tfjs } from './tfjs.ts';
