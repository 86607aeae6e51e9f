/** A grown tree: flat arrays in preorder, twelve bytes a node. The left child of node i is node i + 1. */

export interface Tree {
  /** Feature in the low 24 bits with flags above; a leaf is `−1 − number of the leaf`. */
  readonly feature: Int32Array;
  /** Codes up to this one go left; for a category: which of `sets`. */
  readonly cut: Int32Array;
  /** The right child; 0 for a leaf. */
  readonly right: Int32Array;
  /**
   * Classification: class fractions `[leaves, classes]` of the leaves from number `classes` on; leaf k < classes holds class
   * k alone. Regression: one number a leaf.
   */
  readonly values: Float32Array | Float64Array;
  /** Eight words a set: which category codes go left. */
  readonly sets: Int32Array;
  /** Exact splits only: values up to this one go left. */
  readonly thresholds?: Float64Array;
}

export const featureMask = 0xffffff;
/** Missing values go left. */
export const missingLeftFlag = 0x1000000;
export const categoryFlag = 0x2000000;

/** Whether a category is in a set, which begins at word `at`. */
export const hasBit = (set: Uint32Array | Int32Array, at: number, code: number): boolean =>
  (((set[at + (code >>> 5)] as number) >>> (code & 31)) & 1) === 1;

/** The class that a leaf stands for: the first of its largest. */
export function classOfLeaf({ values }: Tree, leaf: number, classes: number): number {
  if (leaf < classes) return leaf;
  const from = (leaf - classes) * classes;
  let most = 0;
  for (let k = 1; k < classes; k++) if ((values[from + k] as number) > (values[from + most] as number)) most = k;
  return most;
}

/** Nodes from the root to the deepest leaf, less one. */
export function depthOf({ feature, right }: Tree): number {
  const depths = new Int32Array(feature.length);
  let deepest = 0;
  for (let node = 0; node < feature.length; node++) {
    if ((feature[node] as number) < 0) continue;
    const below = (depths[node] as number) + 1;
    depths[node + 1] = below;
    depths[right[node] as number] = below;
    deepest = Math.max(deepest, below);
  }
  return deepest;
}
