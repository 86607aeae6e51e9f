/** All that a grower has to know besides the workspace: plain data, so that it can be sent to a worker. */
import type { Bins } from '../binning/bins.ts';
import type { Tree } from '../tree/tree.ts';
import type { Sizes } from '../workspace/workspace.ts';
import type { LeafValues } from './leaf-value.ts';
import type { GrowSettings } from './split-finder.ts';

export interface GrowPlan {
  readonly sizes: Sizes;
  readonly settings: GrowSettings;
  readonly bins: readonly Bins[];
  /** Which features the fast kernels cannot scan. */
  readonly slow: Uint8Array;
  /** One random cut a feature instead of the best one. */
  readonly random: boolean;
  /** Rows to draw for a tree; 0: every tree has every row once. */
  readonly draws: number;
  /** The rows that a tree did not draw are told, with their leaves. */
  readonly judges: boolean;
  /** Regression: the mean, which is taken off the targets before they are added up. */
  readonly offset: number;
  /** One a row, on top of how often it was drawn. */
  readonly rowWeights?: Float64Array;
  /** The rows that are drawn from, where some have no weight. */
  readonly among?: Uint32Array;
}

/** Where the two streams of a tree start, four words each. */
export interface TreeSeeds {
  readonly bag: Uint32Array;
  readonly tree: Uint32Array;
}

export interface GrownTree {
  readonly tree: Tree;
  /** Of each feature: what its splits took off the impurity. */
  readonly importance: Float64Array;
  /** The rows that the tree did not draw, and their leaves in it; none where nobody asks. Valid until the next tree. */
  readonly rows: Int32Array;
  readonly leaves: Int32Array;
}

/** Grows one tree after the other in a plot of the workspace. The same seeds give the same bits everywhere. */
export interface TreeGrower {
  /** One at a time. */
  grow(seeds: TreeSeeds): GrownTree | Promise<GrownTree>;
}
/** What kernels leave to JavaScript: workers have it, a page loads it when it is needed. */
export interface Script {
  /** Grows whatever there is. */
  grower(): TreeGrower | Promise<TreeGrower>;
  /** Works out what leaves of several classes say, of rows that weigh what they were drawn. */
  leaves(): LeafValues | Promise<LeafValues>;
}
