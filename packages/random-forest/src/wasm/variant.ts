/** The kernels come in variants, one for each kind of tree: a fit loads those that it needs and no others. */
import type { Sizes, Target } from '../workspace/workspace.ts';

export interface Variant {
  readonly target: Target;
  /** Classes: how many vectors of eight lanes hold them; 0: too many, they are scanned one by one. */
  readonly vectors: number;
  /** Nodes may be so heavy that the fast scan's halves of a word overflow, and are scanned by words. */
  readonly heavy: boolean;
}

/** Weights from which the fast scans overflow. */
export const heavyBinary: number = 2 ** 16;
export const heavyClasses: number = 2 ** 15;

export type VariantName =
  | 'number'
  | 'binary'
  | 'binary-heavy'
  | 'classes-8'
  | 'classes-8-heavy'
  | 'classes-16'
  | 'classes-16-heavy'
  | 'classes-many';

export const variants: Readonly<Record<VariantName, Variant>> = {
  number: { target: 'number', vectors: 0, heavy: false },
  binary: { target: 'binary', vectors: 0, heavy: false },
  'binary-heavy': { target: 'binary', vectors: 0, heavy: true },
  'classes-8': { target: 'classes', vectors: 1, heavy: false },
  'classes-8-heavy': { target: 'classes', vectors: 1, heavy: true },
  'classes-16': { target: 'classes', vectors: 2, heavy: false },
  'classes-16-heavy': { target: 'classes', vectors: 2, heavy: true },
  'classes-many': { target: 'classes', vectors: 0, heavy: false },
};

/** No node weighs more than there are rows. */
export function variantFor({ rows, classes }: Pick<Sizes, 'rows' | 'classes'>): VariantName {
  if (classes === 0) return 'number';
  if (classes === 2) return rows < heavyBinary ? 'binary' : 'binary-heavy';
  if (classes > 16) return 'classes-many';
  const lanes = classes > 8 ? 'classes-16' : 'classes-8';
  return rows < heavyClasses ? lanes : `${lanes}-heavy`;
}
