/** What trees take that kernels do not grow: categories, exact splits, weights, and JavaScript. Loaded together. */
export { oddBins } from '../binning/odd-bins.ts';
export { rowWeightsOf } from '../forest/row-weights.ts';
export { jsGrower } from './js-grower.ts';
