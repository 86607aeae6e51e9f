/** What the splits of a foreign tree take off the impurity, worked out from the rows that it learned from. */
import { leafOfValues } from '../predict/walk.ts';
import { featureMask, type Tree } from '../tree/tree.ts';
import { noBins } from './no-bins.ts';

export interface TreeRows {
  /** `[rows, features]`. */
  readonly values: Float64Array;
  readonly features: number;
  /** Codes, or numbers. */
  readonly targets: ArrayLike<number>;
  /** 0 for numbers. */
  readonly classes: number;
  /** How often the tree learned from each row. */
  readonly drawn: Uint16Array;
}

/**
 * Of each feature: Gini impurity for classes, variance for numbers, each node weighed by its share of the rows.
 * @source Breiman, Friedman, Olshen, Stone: Classification and Regression Trees (1984), section 5.3
 */
export function treeImportance(tree: Tree, rows: TreeRows): Float64Array {
  const { feature, right } = tree;
  const { values, features, targets, classes, drawn } = rows;
  const width = Math.max(1, classes);
  const nodes = feature.length;
  const weights = new Float64Array(nodes);
  // Of classes the weight of each; of numbers their sum.
  const sums = new Float64Array(nodes * width);
  const bins = Array.from({ length: features }, () => noBins);
  const offset = classes > 0 ? 0 : meanOf(targets);
  for (let row = 0; row < drawn.length; row++) {
    const times = drawn[row] as number;
    if (times === 0) continue;
    const leaf = leafOfValues(tree, values, row * features, bins);
    const target = targets[row] as number;
    const at = leaf * width + (classes > 0 ? target : 0);
    weights[leaf] = (weights[leaf] as number) + times;
    sums[at] = (sums[at] as number) + times * (classes > 0 ? 1 : target - offset);
  }
  // Squared sums over weights: what a split adds to them, it takes off the impurity, whichever of both that is.
  const squares = new Float64Array(nodes);
  const found = new Float64Array(features);
  // Children stand behind their parents, so from the last node on they are done before them.
  for (let node = nodes - 1; node >= 0; node--) {
    const word = feature[node] as number;
    const children = word < 0 ? [] : [node + 1, right[node] as number];
    for (const child of children) {
      weights[node] = (weights[node] as number) + (weights[child] as number);
      for (let k = 0; k < width; k++)
        sums[node * width + k] = (sums[node * width + k] as number) + (sums[child * width + k] as number);
    }
    let square = 0;
    for (let k = 0; k < width; k++) square += (sums[node * width + k] as number) ** 2;
    squares[node] = (weights[node] as number) > 0 ? square / (weights[node] as number) : 0;
    if (word < 0) continue;
    const f = word & featureMask;
    const gained = children.reduce((sum, child) => sum + (squares[child] as number), -(squares[node] as number));
    found[f] = (found[f] as number) + Math.max(0, gained);
  }
  return found.map((value) => value / (weights[0] as number));
}

function meanOf(targets: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < targets.length; row++) sum += targets[row] as number;
  return sum / targets.length;
}
