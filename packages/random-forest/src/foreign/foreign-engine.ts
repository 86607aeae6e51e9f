/** Another library's trees inside our forests: it grows one tree at a time; bags, features, votes and files are ours. */
import type { Settings } from '../options/forest-options.ts';
import type { Tree } from '../tree/tree.ts';

export interface ForeignEngine {
  readonly name: string;
  /** Loads the library; rejects with what to install where it is not there. */
  open(): Promise<ForeignGrower>;
}
export interface ForeignGrower {
  /** @throws OPTION  for a setting that the library does not know */
  check(settings: Settings): void;
  grow(task: ForeignTask): Tree;
}
/** The rows of a bag, the drawn features alone. */
export interface ForeignTask {
  readonly x: readonly (readonly number[])[];
  /** Codes, or numbers. */
  readonly y: readonly number[];
  /** Which features the columns of `x` are. */
  readonly features: readonly number[];
  /** 0 for regression. */
  readonly classes: number;
  readonly settings: Settings;
  /** 31 bits. */
  readonly seed: number;
}
