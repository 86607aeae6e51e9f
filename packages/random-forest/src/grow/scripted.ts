/** What trees take that kernels do not grow: categories, exact splits, weights, all in JavaScript. Loaded together. */
export { oddBins } from '../binning/odd-bins.ts';
export { floatSorter } from '../binning/sort-floats.ts';
export { rowWeightsOf } from '../forest/row-weights.ts';
export { jsGrower } from './js-grower.ts';
