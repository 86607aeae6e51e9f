/** Sorting and encoding for columns of many values, in JavaScript. */
import type { Binning } from './binning.ts';
import { floatSorter } from './sort-floats.ts';
import { writeCodes } from './write-codes.ts';

export const manyFloats = (): Pick<Binning, 'sorted' | 'encode'> => ({ sorted: floatSorter(), encode: writeCodes });
