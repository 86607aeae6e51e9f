/**
 * Growing one tree: Breiman's recipe. Depth first, or best first where the number of leaves is limited. It knows rows only
 * as ranges of entries; kernels look at them.
 */
import { type Bins, between } from '../binning/bins.ts';
import { type Criterion, decreaseOf } from '../kernels/criterion.ts';
import { constant, type Kernels, type NodeSums } from '../kernels/kernels.ts';
import type { GeneralScan } from '../kernels/scan-general.ts';
import type { Stream } from '../stream/stream.ts';
import { categoryFlag, missingLeftFlag, type Tree } from '../tree/tree.ts';
import { TreeBuilder } from '../tree/tree-builder.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { divideGeneral } from './divide.ts';
import type { FeatureDraw } from './features.ts';
import { leafValues } from './leaf-value.ts';

export interface GrowSettings {
  readonly criterion: Criterion;
  /** Features to look at in a node. */
  readonly maxFeatures: number;
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  readonly maxLeafNodes: number;
  readonly minImpurityDecrease: number;
}
export interface Grower {
  readonly workspace: Workspace;
  readonly settings: GrowSettings;
  readonly bins: readonly Bins[];
  readonly kernels: Kernels;
  readonly sums: NodeSums;
  readonly general: GeneralScan;
  /** Which features the fast kernels cannot scan. */
  readonly slow: Uint8Array;
  readonly draw: FeatureDraw;
  /** Regression: the mean that was taken off the targets. */
  readonly offset: number;
  /** One a row, on top of how often it was drawn. */
  readonly rowWeights?: Float64Array;
}

interface Split {
  readonly feature: number;
  readonly cut: number;
  readonly next: number;
  readonly general: boolean;
  readonly missingLeft: boolean;
  readonly set: Uint32Array | undefined;
  readonly decrease: number;
  readonly left: Float64Array;
  readonly constants: number;
}
interface Open {
  readonly begin: number;
  readonly end: number;
  readonly depth: number;
  readonly constants: number;
  readonly totals: Float64Array;
  /** Whose right child it is; −1 for roots and left children. */
  readonly rightOf: number;
}

/** Grows a tree from the first `rows` entries, whose totals are given; adds what each feature took of the impurity. */
export function growTree(
  grower: Grower,
  rows: number,
  totals: Float64Array,
  stream: Stream,
  importance: Float64Array,
): Tree {
  const { workspace, settings, bins, kernels, draw } = grower;
  const tree = new TreeBuilder(workspace.codeBytes === 4);
  /** Totals of nodes that are done, to be used again. */
  const spare: Float64Array[] = [];
  const look = splitFinder(grower, stream, weightOf(totals, workspace.classes), spare);
  draw.reset();

  const leaves = leafValues(workspace, grower.rowWeights, grower.offset);
  const leaf = (node: number, { begin, end }: Open): void => {
    tree.feature[node] = -1 - leaves.number(begin, end);
    tree.cut[node] = 0;
    tree.right[node] = 0;
  };
  const divide = (node: number, open: Open, split: Split): readonly [Open, Open] => {
    const { feature, missingLeft, set, decrease } = split;
    tree.feature[node] = feature | (missingLeft ? missingLeftFlag : 0) | (set ? categoryFlag : 0);
    tree.cut[node] = set ? tree.sets.length / 8 : split.cut;
    if (set) tree.sets.push(...set);
    else if (workspace.codeBytes === 4)
      tree.thresholds[node] = thresholdOf(bins[feature] as Bins, split.cut, split.next);
    importance[feature] = (importance[feature] as number) + decrease;
    const { begin, end } = open;
    const size = split.general
      ? divideGeneral(workspace, begin, end, feature, split.cut, (bins[feature] as Bins).missing, missingLeft, set)
      : kernels.partition(begin, end, feature, split.cut);
    // What was never missing in training goes with the larger part, should it be missing one day.
    if (!split.general && 2 * size > end - begin) tree.feature[node] = feature | missingLeftFlag;
    const { constants, left } = split;
    // The parent's totals become those of the right child: it needs them no longer.
    const right = open.totals;
    for (let k = 0; k < right.length; k++) right[k] = (right[k] as number) - (left[k] as number);
    const depth = open.depth + 1;
    return [
      { begin, end: begin + size, depth, constants, totals: left, rightOf: -1 },
      { begin: begin + size, end, depth, constants, totals: right, rightOf: node },
    ];
  };
  const root: Open = { begin: 0, end: rows, depth: 0, constants: 0, totals: totals.slice(), rightOf: -1 };
  if (settings.maxLeafNodes < Number.POSITIVE_INFINITY) {
    return growBestFirst(tree, root, settings.maxLeafNodes, { look, leaf, divide }).build(
      leaves.values,
      workspace.classes,
    );
  }
  const stack: Open[] = [root];
  for (let open = stack.pop(); open !== undefined; open = stack.pop()) {
    const node = tree.add();
    if (open.rightOf >= 0) tree.right[open.rightOf] = node;
    const split = look(open);
    if (split === undefined) {
      leaf(node, open);
      spare.push(open.totals);
    } else {
      const [left, right] = divide(node, open, split);
      stack.push(right, left);
    }
  }
  return tree.build(leaves.values, workspace.classes);
}

/** Finds the best split of a node, or none where it has to be a leaf. */
function splitFinder(
  grower: Grower,
  stream: Stream,
  weight: number,
  spare: Float64Array[],
): (open: Open) => Split | undefined {
  const { workspace, settings, kernels, general, slow, draw } = grower;
  const { totals, left, result } = grower.sums;
  const { criterion, maxFeatures, maxDepth, minSamplesSplit, minSamplesLeaf, minImpurityDecrease } = settings;
  const bestLeft = new Float64Array(totals.length);
  const bestSet = new Uint32Array(8);
  // The best gain, the one that cannot be beaten: in an array, because numbers that closures write are allocated anew.
  const gains = new Float64Array(2);
  let [bestFeature, bestCut, bestNext] = [0, 0, 0];
  let [bestGeneral, bestMissingLeft] = [false, false];
  let [begin, end] = [0, 0];
  const tryFeature = (feature: number): boolean | 'enough' => {
    const isSlow = slow[feature] === 1;
    const gain = isSlow ? general.scan(begin, end, feature, stream) : kernels.scan(begin, end, feature);
    if (gain === constant) return true;
    if (gain > (gains[0] as number)) {
      gains[0] = gain;
      bestFeature = feature;
      bestCut = result[0] as number;
      bestNext = result[1] as number;
      bestGeneral = isSlow;
      bestMissingLeft = isSlow && general.cut.missingLeft;
      if (isSlow) bestSet.set(general.cut.set);
      bestLeft.set(left);
      // Both children are pure: nothing can be better.
      if (gain === gains[1] || end - begin === 2) return 'enough';
    }
    return false;
  };
  return (open) => {
    const size = open.end - open.begin;
    if (size < minSamplesSplit || size < 2 * minSamplesLeaf || open.depth >= maxDepth) return undefined;
    if (isPure(open, workspace)) return undefined;
    totals.set(open.totals);
    kernels.enter();
    [begin, end] = [open.begin, open.end];
    gains[0] = -1;
    gains[1] = criterion === 'gini' ? perfectGain(totals) : Number.POSITIVE_INFINITY;
    const constants = draw.draw(maxFeatures, open.constants, stream, tryFeature);
    const best = gains[0] as number;
    if (best < 0) return undefined;
    const decrease = decreaseOf(criterion, best, totals) / weight;
    if (decrease + 1e-16 < minImpurityDecrease) return undefined;
    const kept = spare.pop() ?? new Float64Array(bestLeft.length);
    kept.set(bestLeft);
    const category = bestGeneral && grower.bins[bestFeature]?.kind === 'category';
    return {
      feature: bestFeature,
      cut: bestCut,
      next: bestNext,
      general: bestGeneral,
      missingLeft: bestMissingLeft,
      set: category ? bestSet.slice() : undefined,
      decrease,
      left: kept,
      constants,
    };
  };
}

interface Steps {
  look(open: Open): Split | undefined;
  leaf(node: number, open: Open): void;
  divide(node: number, open: Open, split: Split): readonly [Open, Open];
}

/** Divides the node with the largest decrease until there are enough leaves; then puts the nodes into preorder. */
function growBestFirst(
  tree: TreeBuilder,
  root: Open,
  maxLeafNodes: number,
  { look, leaf, divide }: Steps,
): TreeBuilder {
  interface Candidate {
    readonly node: number;
    readonly open: Open;
    readonly split: Split;
  }
  const waiting: Candidate[] = [];
  const leftOf: number[] = [];
  const enter = (open: Open): number => {
    const node = tree.add();
    const split = look(open);
    if (split) waiting.push({ node, open, split });
    else leaf(node, open);
    return node;
  };
  enter(root);
  for (let leaves = 1; leaves < maxLeafNodes && waiting.length > 0; leaves++) {
    let at = 0;
    for (let i = 1; i < waiting.length; i++)
      if ((waiting[i] as Candidate).split.decrease > (waiting[at] as Candidate).split.decrease) at = i;
    const [{ node, open, split }] = waiting.splice(at, 1) as [Candidate];
    const [left, right] = divide(node, open, split);
    leftOf[node] = enter(left);
    tree.right[node] = enter(right);
  }
  for (const { node, open } of waiting) leaf(node, open);
  const ordered = new TreeBuilder(tree.thresholds.length > 0);
  ordered.sets.push(...tree.sets);
  const stack: (readonly [node: number, rightOf: number])[] = [[0, -1]];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [from, rightOf] = next;
    const to = ordered.add();
    if (rightOf >= 0) ordered.right[rightOf] = to;
    ordered.feature[to] = tree.feature[from] as number;
    ordered.cut[to] = tree.cut[from] as number;
    if (tree.thresholds.length > 0) ordered.thresholds[to] = tree.thresholds[from] as number;
    if ((tree.feature[from] as number) >= 0) stack.push([tree.right[from] as number, to], [leftOf[from] as number, -1]);
  }
  return ordered;
}

function weightOf(totals: Float64Array, classes: number): number {
  let sum = totals[0] as number;
  for (let k = 1; k < classes; k++) sum += totals[k] as number;
  return sum;
}
/** The gain of a cut between pure children, as the kernels give it. */
function perfectGain(totals: Float64Array): number {
  return totals.length === 2 ? (totals[0] as number) * (totals[1] as number) : weightOf(totals, totals.length);
}
function isPure({ begin, end, totals }: Open, { classes, entries, targets }: Workspace): boolean {
  if (classes > 0) {
    let filled = 0;
    for (let k = 0; k < totals.length; k++) if ((totals[k] as number) > 0) filled++;
    return filled < 2;
  }
  const first = targets[entries[2 * begin] as number] as number;
  for (let i = begin + 1; i < end; i++) if (targets[entries[2 * i] as number] !== first) return false;
  return true;
}
/** Half way between the values beside a cut of exact codes. */
function thresholdOf({ centers }: Bins, cut: number, next: number): number {
  const low = centers[cut] as number;
  return next < centers.length ? between(low, centers[next] as number) : low;
}
