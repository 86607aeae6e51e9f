/** Weights of classes and of rows: loaded where there are some. */
export { checkWeighable, classWeights } from '../labels/class-weights.ts';
export { checkedWeights } from './checked-weights.ts';
