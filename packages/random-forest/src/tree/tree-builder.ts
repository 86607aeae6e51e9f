/** A tree while it grows: arrays that become longer. */
import type { Tree } from './tree.ts';

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
  /** Another tree, in the same room. */
  clear(): void {
    this.nodes = 0;
    this.sets.length = 0;
    // Nodes that ask no number leave theirs as it is.
    this.thresholds.fill(0);
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
