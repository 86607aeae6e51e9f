/** @dendrite/datasets/idx: the format of MNIST's files. */
export { type IdxArray, readIdx } from './idx/read-idx.ts';
