/**
 * What an engine does for a growing tree: look for the best cut of one feature in one node, and divide a node. Everything
 * else, random numbers above all, is the same code for every engine, so the forests are the same bits.
 */

/** Sums that go between the grower and its kernels. */
export interface NodeSums {
  /** Of the node in hand: weight of each class, or weight and sum. */
  readonly totals: Float64Array;
  /** The same of the left side of the best cut of the last scan. */
  readonly left: Float64Array;
  /** `[cut, next code]` of the last scan; then the node's weight, and its sum of squares. */
  readonly result: Float64Array;
}
export interface Kernels {
  /** The totals are those of another node now. */
  enter(): void;
  /**
   * The best cut of `feature` for rows [begin, end): its gain, or `constant`. Writes the cut (codes ≤ cut go left) to
   * `result[0]` and the totals of its left side to `left`. Of equal gains the first cut wins.
   */
  scan(begin: number, end: number, feature: number): number;
  /** Divides rows [begin, end) by `code ≤ cut`, keeping their order on both sides; gives how many went left. */
  partition(begin: number, end: number, feature: number, cut: number): number;
}

/** No cut: all rows have the same code. */
export const constant = -1;
/** Rows differ, but no cut is allowed. */
export const refused = -2;

/** The class of an entry: with two classes the upper half says how often the row counts for class 1. */
export const classOf = (tag: number, classes: number): number => (classes === 2 ? Number(tag > 0xffff) : tag >>> 16);
