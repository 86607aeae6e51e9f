/** Triangular parts of matrices. */
import { DendriteError, type Tensor } from '@dendrite/spec';
import { runInScope } from '../../engine/scope.ts';
import { add } from '../expression/arithmetic.ts';
import { lessEqual } from '../expression/comparisons.ts';
import { checked } from '../expression/expression-op.ts';
import { range } from '../making/full.ts';
import { reshape } from '../reshape/reshape.ts';
import { where } from '../where/where.ts';

/** bool `[rows, columns]`: true where column − row ≤ diagonal. */
function lowerMask(x: Tensor, diagonal: number): Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const row = reshape(range(rows, { runtime: x.runtime }), [rows, 1]);
  return lessEqual(range(columns, { runtime: x.runtime }), add(row, diagonal));
}

function triangle(name: string, x: Tensor, diagonal: number, choose: (diagonal: number) => Tensor): Tensor {
  const { shape } = checked(x, name);
  if (shape.length < 2)
    throw new DendriteError(
      'SHAPE',
      `${name}(): input must have at least two axes, got [${shape.join(', ')}]. Add one with expandDims().`,
    );
  if (!Number.isSafeInteger(diagonal))
    throw new DendriteError('OPTION', `${name}(): diagonal must be a whole number, got ${diagonal}.`);
  return runInScope(() => choose(diagonal), name);
}

/**
 * Zero above the diagonal (`column − row > diagonal`) of the last two axes.
 * @param options.diagonal  default 0
 * @gradient  dy, zero there too
 * @throws SHAPE, OPTION
 */
export const lowerTriangle = (x: Tensor, { diagonal = 0 }: { readonly diagonal?: number } = {}): Tensor =>
  triangle('lowerTriangle', x, diagonal, (at) => where(lowerMask(x, at), x, 0));
/**
 * Zero below the diagonal (`column − row < diagonal`) of the last two axes.
 * @param options.diagonal  default 0
 * @gradient  dy, zero there too
 * @throws SHAPE, OPTION
 */
export const upperTriangle = (x: Tensor, { diagonal = 0 }: { readonly diagonal?: number } = {}): Tensor =>
  triangle('upperTriangle', x, diagonal, (at) => where(lowerMask(x, at - 1), 0, x));
