/** Uses of casts: towards zero to an integer, not 0 is true. */
import type { CaseInput, DType, OpCases } from '@dendrite/spec';
import { elementwise, one } from '../../case-tables/host-loops.fixture.ts';
import { cast, castOp } from './cast.ts';

const table = (from: DType, to: DType, input: Omit<CaseInput, 'dtype'>, formula: (x: number) => number): OpCases => ({
  op: castOp(from, to),
  cases: [
    {
      name: `[${input.shape}]`,
      inputs: [{ ...input, dtype: from }],
      run: one((x) => cast(x, to)),
      reference: elementwise(formula),
      differentiable: [], // a float32 among float64 differences is too coarse
    },
  ],
});
const same = (x: number): number => x;
/** Towards zero; NaN and infinities are 0. */
const toWhole = (x: number): number => (Number.isFinite(x) ? Math.trunc(x) : 0);
const truth = (x: number): number => (x !== 0 ? 1 : 0);
const floats = { shape: [2, 4], values: [-2.9, -1, -0.5, 0, 0.5, 1.99, 3, 250] };
const whole = { shape: [5], values: [-300, -1, 0, 1, 16_777_217] };

export const castCases: readonly OpCases[] = [
  table('float32', 'float32', floats, same),
  table('float32', 'int32', floats, toWhole),
  table('float32', 'uint8', { shape: [5], values: [0, 0.9, 7, 254.5, 255.9] }, toWhole),
  table('bool', 'uint8', { shape: [5], values: [0, 1, 1, 0, 1] }, same),
  table('float32', 'bool', floats, truth),
  table('int32', 'float32', { shape: [5], values: [-300, -1, 0, 1, 16_777_216] }, same),
  table('int32', 'bool', whole, truth),
  table('int32', 'int32', whole, same),
  table('bool', 'float32', { shape: [2, 1, 2], values: [0, 1, 1, 0] }, same),
  table('bool', 'int32', { shape: [3], values: [0, 1, 1] }, same),
  table('uint8', 'float32', { shape: [3], values: [0, 7, 255] }, same),
  table('uint8', 'int32', { shape: [3], values: [0, 7, 255] }, same),
  table('int32', 'uint8', { shape: [3], values: [0, 7, 255] }, same),
];
