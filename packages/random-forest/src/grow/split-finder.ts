/** The best split of a node: features are drawn, and the kernels find the best cut of each. */
import type { Bins } from '../binning/bins.ts';
import { type Criterion, decreaseOf } from '../kernels/criterion.ts';
import { constant, type Kernels, type NodeSums } from '../kernels/kernels.ts';
import type { GeneralScan } from '../kernels/scan-general.ts';
import type { Stream } from '../stream/stream.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { FeatureDraw } from './features.ts';
import { countClasses } from './leaf-value.ts';

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
  readonly stream: Stream;
  /** One a row, on top of how often it was drawn. */
  readonly rowWeights?: Float64Array;
}

/**
 * A node that is not yet a leaf or divided: ranges of entries, of the rows that it learns from and of those unseen. Nodes and splits
 * are written anew for others once they are done: a tree has thousands, and what is thrown away costs more than its use.
 */
export interface Open {
  begin: number;
  end: number;
  unseen: number;
  unseenEnd: number;
  depth: number;
  constants: number;
  totals: Float64Array;
  /** Whose right child it is; −1 for roots and left children. */
  rightOf: number;
}
export interface Split {
  feature: number;
  cut: number;
  next: number;
  general: boolean;
  missingLeft: boolean;
  set: Uint32Array | undefined;
  decrease: number;
  left: Float64Array;
  constants: number;
}
export interface SplitFinder {
  /** Another tree, whose root has this weight. */
  start(weight: number): void;
  /** The best split of a node, or none where it has to be a leaf. */
  look(open: Open): Split | undefined;
  /** A split that has been followed, to be used again. */
  giveBack(split: Split): void;
}

export function splitFinder(grower: Grower): SplitFinder {
  const { workspace, settings, kernels, general, slow, draw, stream, bins, rowWeights } = grower;
  const { totals, left, result } = grower.sums;
  const { criterion, maxFeatures, maxDepth, minSamplesSplit, minSamplesLeaf, minImpurityDecrease } = settings;
  const spare: Split[] = [];
  const bestSet = new Uint32Array(8);
  // The best gain, the one that cannot be beaten: in an array, because numbers that closures write are allocated anew.
  const gains = new Float64Array(2);
  let rootWeight = 1;
  let bestLeft: Float64Array = new Float64Array(totals.length);
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
      // Whole numbers, and known as such to whoever reads them.
      bestCut = (result[0] as number) | 0;
      bestNext = (result[1] as number) | 0;
      bestGeneral = isSlow;
      bestMissingLeft = isSlow && general.cut.missingLeft;
      if (isSlow) bestSet.set(general.cut.set);
      copy(left, bestLeft);
      // Both children are pure: nothing can be better.
      if (gain === gains[1] || end - begin === 2) return 'enough';
    }
    return false;
  };
  return {
    start(weight) {
      rootWeight = weight;
    },
    giveBack: (done) => void spare.push(done),
    look(open) {
      const size = open.end - open.begin;
      if (size < minSamplesSplit || size < 2 * minSamplesLeaf || open.depth >= maxDepth) return undefined;
      // Handed down as differences, weights that are not whole leave 1e-17 of classes that are gone: a pure node would be split.
      if (rowWeights && workspace.classes > 0) countClasses(workspace, rowWeights, open.begin, open.end, open.totals);
      if (isPure(open, workspace)) return undefined;
      copy(open.totals, totals);
      kernels.enter();
      begin = open.begin;
      end = open.end;
      gains[0] = -1;
      gains[1] = criterion === 'gini' ? perfectGain(totals) : Number.POSITIVE_INFINITY;
      const constants = draw.draw(maxFeatures, open.constants, stream, tryFeature);
      const best = gains[0] as number;
      if (best < 0) return undefined;
      const decrease = decreaseOf(criterion, best, totals) / rootWeight;
      if (decrease + 1e-16 < minImpurityDecrease) return undefined;
      const category = bestGeneral && bins[bestFeature]?.kind === 'category';
      const split = spare.pop() ?? newSplit(totals.length);
      split.feature = bestFeature;
      split.cut = bestCut;
      split.next = bestNext;
      split.general = bestGeneral;
      split.missingLeft = bestMissingLeft;
      split.set = category ? bestSet.slice() : undefined;
      split.decrease = decrease;
      split.constants = constants;
      const kept = bestLeft;
      bestLeft = split.left;
      split.left = kept;
      return split;
    },
  };
}

const newSplit = (width: number): Split => ({
  feature: 0,
  cut: 0,
  next: 0,
  general: false,
  missingLeft: false,
  set: undefined,
  // No whole number, so that it is known from the beginning as one that is none.
  decrease: Number.NaN,
  left: new Float64Array(width),
  constants: 0,
});

/** A handful of numbers: less work than a call of `set`. */
function copy(from: Float64Array, to: Float64Array): void {
  for (let k = 0; k < to.length; k++) to[k] = from[k] as number;
}

export function weightOf(totals: Float64Array, classes: number): number {
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
  if (end - begin === 1) return true;
  const first = targets[entries[2 * begin] as number] as number;
  for (let i = begin + 1; i < end; i++) if (targets[entries[2 * i] as number] !== first) return false;
  return true;
}
