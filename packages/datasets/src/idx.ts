/** @dendrite/datasets/idx: the format of MNIST's files. */
export { type IdxArray, type IdxOptions, readIdx } from './idx/read-idx.ts';
