/** What a fit and its workers say to each other. */
import type { GrownTree, GrowPlan, TreeSeeds } from '../grow/plan.ts';

/** Where a worker finds the field: in memory that is shared, or in a copy of its own. */
export type SentGround =
  | { readonly shared: SharedArrayBuffer | WebAssembly.Memory }
  | { readonly field: Uint8Array<ArrayBuffer> };

/** The fit that trees are asked for from now on. */
export interface Opening {
  readonly plan: GrowPlan;
  readonly ground: SentGround;
  readonly module?: WebAssembly.Module;
  /** Whose plot it may write to. */
  readonly grower: number;
}
/** To a worker. The last `open` counts; `grow` gives one tree back. */
export type Request =
  | { readonly open: Opening }
  | { readonly grow: { readonly job: number; readonly seeds: TreeSeeds } }
  | { readonly close: true };

/** From a worker: a tree, or that it could not grow it, for whatever reason. */
export interface Reply {
  readonly job: number;
  readonly grown?: GrownTree;
}
