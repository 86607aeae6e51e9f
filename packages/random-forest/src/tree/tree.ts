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

/** Arrays that grow while a tree does. */
export class TreeBuilder {
  feature: Int32Array;
  cut: Int32Array;
  right: Int32Array;
  thresholds: Float64Array;
  nodes = 0;
  readonly sets: number[] = [];
  readonly #exact: boolean;

  constructor(exact: boolean, room = 64) {
    this.feature = new Int32Array(room);
    this.cut = new Int32Array(room);
    this.right = new Int32Array(room);
    this.thresholds = new Float64Array(exact ? room : 0);
    this.#exact = exact;
  }
  /** A new node at the end. */
  add(): number {
    if (this.nodes === this.feature.length) {
      this.feature = longer(this.feature);
      this.cut = longer(this.cut);
      this.right = longer(this.right);
      if (this.#exact) {
        const thresholds = new Float64Array(2 * this.thresholds.length);
        thresholds.set(this.thresholds);
        this.thresholds = thresholds;
      }
    }
    return this.nodes++;
  }
  build(values: readonly number[], classes: number): Tree {
    const { nodes } = this;
    return {
      feature: this.feature.slice(0, nodes),
      cut: this.cut.slice(0, nodes),
      right: this.right.slice(0, nodes),
      values: classes > 0 ? Float32Array.from(values) : Float64Array.from(values),
      sets: Int32Array.from(this.sets),
      ...(this.#exact && { thresholds: this.thresholds.slice(0, nodes) }),
    };
  }
}

function longer(array: Int32Array): Int32Array {
  const more = new Int32Array(2 * array.length);
  more.set(array);
  return more;
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
