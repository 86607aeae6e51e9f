/** Rows moved to the right, with a number in the places that come free. */
import type { Kernels } from '../kernels/kernels.ts';
import { pad } from '../kernels/move.ts';
import type { Value } from '../kernels/value.ts';

export const concatShifted = (kernels: Kernels, rows: Value, by: number, fillWith: number): Value =>
  pad(kernels, rows, [0, by], [0, -by], fillWith);
