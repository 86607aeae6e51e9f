/** What trees take that kernels do not grow: categories, exact splits, weights, all in JavaScript. Loaded together. */

export { manyFloats } from '../binning/many-floats.ts';
export { oddBins } from '../binning/odd-bins.ts';
export { rowWeightsOf } from '../forest/row-weights.ts';
export { jsGrower } from './js-grower.ts';
