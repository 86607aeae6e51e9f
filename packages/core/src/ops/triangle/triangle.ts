/** Triangular parts of matrices. */
import type { Tensor } from '@dendrite/spec';
import { add } from '../expression/arithmetic.ts';
import { lessEqual } from '../expression/comparisons.ts';
import { checked } from '../expression/expression-op.ts';
import { range } from '../making/full.ts';
import { reshape } from '../reshape/reshape.ts';
import { where } from '../where/where.ts';

/** bool `[rows, columns]`: true where column − row ≤ diagonal. The mask of causal attention is `lowerMask(x, …, 0)`. */
function lowerMask(x: Tensor, diagonal: number): Tensor {
  const rows = x.shape.at(-2) ?? 1;
  const columns = x.shape.at(-1) ?? 1;
  const row = reshape(range(rows, { runtime: x.runtime }), [rows, 1]);
  return lessEqual(range(columns, { runtime: x.runtime }), add(row, diagonal));
}

/** Zero above the diagonal (`column − row > diagonal`) of the last two axes. @param options.diagonal default 0 @gradient dy, zero there too */
export const lowerTriangle = (x: Tensor, { diagonal = 0 }: { readonly diagonal?: number } = {}): Tensor =>
  where(lowerMask(checked(x, 'lowerTriangle'), diagonal), x, 0);
/** Zero below the diagonal (`column − row < diagonal`) of the last two axes. @param options.diagonal default 0 @gradient dy, zero there too */
export const upperTriangle = (x: Tensor, { diagonal = 0 }: { readonly diagonal?: number } = {}): Tensor =>
  where(lowerMask(checked(x, 'upperTriangle'), diagonal - 1), 0, x);
