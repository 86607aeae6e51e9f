/** A forest as the numbers that its JavaScript holds: all trees behind each other, thresholds and leaves in tables. */
import type { Forest } from '../predict/forest.ts';
import { categoryFlag, featureMask } from '../tree/tree.ts';

export interface ForestData {
  /** Where each tree begins. */
  readonly roots: readonly number[];
  /** Feature with flags; a leaf is `−1 − number of the leaf`. */
  readonly words: Int32Array;
  /** Which threshold, or which set of categories. */
  readonly cuts: Int32Array;
  /** The right child; the left one is the next node. */
  readonly rights: Int32Array;
  readonly thresholds: readonly number[];
  /** Eight words a set: codes that go left. */
  readonly sets: readonly number[];
  /** Regression: a number a leaf. Classification: the shares of leaf number `classes`, `classes + 1`, …; leaf k below is class k. */
  readonly leaves: readonly number[];
}

export function forestData({ trees, bins, classes }: Forest): ForestData {
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const [words, cuts, rights] = [new Int32Array(nodes), new Int32Array(nodes), new Int32Array(nodes)];
  const places = new Map<number, number>();
  const placeOf = (threshold: number): number => {
    const known = places.get(threshold);
    if (known !== undefined) return known;
    places.set(threshold, places.size);
    return places.size - 1;
  };
  const roots: number[] = [];
  const sets: number[] = [];
  const leaves: number[] = [];
  let at = 0;
  for (const { feature, cut, right, values, sets: own, thresholds } of trees) {
    const root = at;
    roots.push(root);
    const firstSet = sets.length / 8;
    // Leaves that are no class count from here.
    const firstLeaf = classes > 0 ? leaves.length / classes : leaves.length;
    for (let node = 0; node < feature.length; node++, at++) {
      const word = feature[node] as number;
      const leaf = ~word;
      if (word < 0) {
        words[at] = leaf < classes ? word : ~(leaf + firstLeaf);
        continue;
      }
      const place = cut[node] as number;
      words[at] = word;
      rights[at] = root + (right[node] as number);
      cuts[at] =
        (word & categoryFlag) !== 0
          ? firstSet + place
          : placeOf(thresholds?.[node] ?? bins[word & featureMask]?.edges[place] ?? Number.POSITIVE_INFINITY);
    }
    for (const value of own) sets.push(value);
    for (const value of values) leaves.push(value);
  }
  return { roots, words, cuts, rights, thresholds: [...places.keys()], sets, leaves };
}
