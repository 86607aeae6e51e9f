/**
 * What an engine does for a growing tree: look for the best cut of one feature in one node, and divide a node. Everything
 * else, random numbers above all, is the same code for every engine, so the forests are the same bits.
 */

export interface Kernels {
  /** The totals are those of another node now. Several classes: puts their sum into `result[2]`, the sum of squares into `result[3]`. */
  enter(): void;
  /**
   * The best cut of `feature` for rows [begin, end): its gain, or `constant`. Writes the cut (codes ≤ cut go left) to
   * `workspace.result[0]` and the totals of its left side to `workspace.left`. Of equal gains the first cut wins.
   */
  scan(begin: number, end: number, feature: number): number;
  /** Divides rows [begin, end) by `code ≤ cut`, keeping their order on both sides; gives how many went left. */
  partition(begin: number, end: number, feature: number, cut: number): number;
}

/** No cut: all rows have the same code. */
export const constant = -1;
/** Rows differ, but no cut is allowed. */
export const refused = -2;
