/**
 * Growing trees: Breiman's recipe. Depth first, or best first where the number of leaves is limited. It knows rows only as
 * ranges of entries; kernels look at them. The rows that a tree does not learn from go down beside the others, so that it
 * judges them while it grows.
 */
import type { Bins } from '../binning/bins.ts';
import { between } from '../binning/quantile-edges.ts';
import { categoryFlag, missingLeftFlag, type Tree } from '../tree/tree.ts';
import { TreeBuilder } from '../tree/tree-builder.ts';
import { growBestFirst } from './best-first.ts';
import { divideGeneral } from './divide.ts';
import { leafValues } from './leaf-value.ts';
import { type Grower, type Open, type Split, splitFinder, weightOf } from './split-finder.ts';

/**
 * Grows a tree from entries [0, entered), whose totals are given; adds what each feature took of the impurity, and writes the leaf
 * of each unseen row, entries [entered, end), to `leafOf` of the workspace. One at a time.
 */
export type GrowTree = (entered: number, end: number, totals: Float64Array, importance: Float64Array) => Tree;

/** Made once for all trees, so that what has been compiled for one serves the others. */
export function treeGrower(grower: Grower): GrowTree {
  const { workspace, settings, bins, kernels, draw, rowWeights } = grower;
  const { entries, leafOf, classes } = workspace;
  const exact = workspace.codeBytes === 4;
  const { start, look, giveBack } = splitFinder(grower);
  const tree = new TreeBuilder(exact);
  const leaves = leafValues(workspace, rowWeights);
  let importance: Float64Array = new Float64Array(0);
  const spare: Open[] = [];
  const width = Math.max(2, classes);

  const leaf = (node: number, open: Open): void => {
    const { begin, end, unseen, unseenEnd, totals } = open;
    const number = leaves.number(begin, end, totals);
    tree.feature[node] = -1 - number;
    tree.cut[node] = 0;
    tree.right[node] = 0;
    for (let i = unseen; i < unseenEnd; i++) leafOf[entries[2 * i] as number] = number;
    spare.push(open);
  };
  /** How many rows of a range go left. */
  const part = (begin: number, end: number, { feature, cut, general, missingLeft, set }: Split): number => {
    if (begin === end) return 0;
    if (!general) return kernels.partition(begin, end, feature, cut);
    return divideGeneral(workspace, begin, end, feature, cut, (bins[feature] as Bins).missing, missingLeft, set);
  };
  const divide = (node: number, open: Open, split: Split): Open => {
    const { feature, missingLeft, set, decrease, constants, left } = split;
    const { begin, end, unseen, unseenEnd } = open;
    tree.feature[node] = feature | (missingLeft ? missingLeftFlag : 0) | (set ? categoryFlag : 0);
    if (exact && !set) {
      const { centers } = bins[feature] as Bins;
      const threshold = thresholdOf(centers, split.cut, split.next);
      tree.thresholds[node] = threshold;
      // Rows out of bag lie between the two values as well: they go by codes where the threshold would send them.
      split.cut = lastUpTo(centers, threshold, split.cut, split.next);
    }
    tree.cut[node] = set ? tree.sets.length / 8 : split.cut;
    if (set) tree.sets.push(...set);
    importance[feature] = (importance[feature] as number) + decrease;
    const middle = begin + part(begin, end, split);
    const unseenMiddle = unseen + part(unseen, unseenEnd, split);
    // What was never missing in training goes with the larger part, should it be missing one day.
    if (!split.general && 2 * (middle - begin) > end - begin) tree.feature[node] = feature | missingLeftFlag;
    const child = spare.pop() ?? newOpen(width);
    const depth = open.depth + 1;
    // The left child takes the split's totals and leaves it its own.
    split.left = child.totals;
    giveBack(split);
    write(child, begin, middle, unseen, unseenMiddle, depth, constants, left, -1);
    const right = open.totals;
    for (let k = 0; k < right.length; k++) right[k] = (right[k] as number) - (left[k] as number);
    write(open, middle, end, unseenMiddle, unseenEnd, depth, constants, right, node);
    return child;
  };
  const growDepthFirst = (root: Open): void => {
    const stack: Open[] = [root];
    for (let open = stack.pop(); open !== undefined; open = stack.pop()) {
      const node = tree.add();
      if (open.rightOf >= 0) tree.right[open.rightOf] = node;
      const split = look(open);
      if (split === undefined) leaf(node, open);
      else {
        const left = divide(node, open, split);
        // The node has become its right child.
        stack.push(open, left);
      }
    }
  };

  return (entered, end, totals, takenOff) => {
    tree.clear();
    leaves.values.length = 0;
    importance = takenOff;
    draw.reset();
    start(weightOf(totals, classes));
    const root = spare.pop() ?? newOpen(width);
    root.totals.set(totals);
    write(root, 0, entered, entered, end, 0, 0, root.totals, -1);
    if (settings.maxLeafNodes < Number.POSITIVE_INFINITY)
      return growBestFirst(tree, root, settings.maxLeafNodes, { look, leaf, divide }).build(leaves.values, classes);
    growDepthFirst(root);
    return tree.build(leaves.values, classes);
  };
}

const newOpen = (width: number): Open => ({
  begin: 0,
  end: 0,
  unseen: 0,
  unseenEnd: 0,
  depth: 0,
  constants: 0,
  totals: new Float64Array(width),
  rightOf: -1,
});
function write(
  open: Open,
  begin: number,
  end: number,
  unseen: number,
  unseenEnd: number,
  depth: number,
  constants: number,
  totals: Float64Array,
  rightOf: number,
): void {
  open.begin = begin;
  open.end = end;
  open.unseen = unseen;
  open.unseenEnd = unseenEnd;
  open.depth = depth;
  open.constants = constants;
  open.totals = totals;
  open.rightOf = rightOf;
}

/** Half way between the values beside a cut of exact codes; behind the last, whatever is known goes left. */
function thresholdOf(centers: Float64Array, cut: number, next: number): number {
  const low = centers[cut] as number;
  return next < centers.length ? between(low, centers[next] as number) : Number.MAX_VALUE;
}
/** The last code from `low` on, before `next`, whose value is at most the threshold; that of `low` is. */
function lastUpTo(centers: Float64Array, threshold: number, low: number, next: number): number {
  let above = next;
  while (above - low > 1) {
    const middle = (low + above) >>> 1;
    if ((centers[middle] as number) <= threshold) low = middle;
    else above = middle;
  }
  return low;
}
