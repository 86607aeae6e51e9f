/**
 * Out-of-bag votes: each row judged by the trees that did not learn from it, about 0.368 of them. An estimate of the error
 * on new data that costs no data.
 * @source Breiman: Out-of-bag estimation (1996)
 */
import { addLeaf, leafNumber } from '../predict/forest.ts';
import type { Tree } from '../tree/tree.ts';

export interface OutOfBag {
  /** `[rows, classes]` sums, or one sum a row. */
  readonly votes: Float64Array;
  /** Trees that judged a row. */
  readonly judges: Int32Array;
  /** Adds a tree's votes for the rows that it did not draw. */
  add(tree: Tree, drawn: Uint16Array, leaf: (tree: Tree, row: number) => number): void;
  /** Accuracy or R² over the rows that were judged; NaN where none was. */
  score(): number;
  /** The share of rows that were judged: near 1 after some fifteen trees. */
  judged(): number;
  /** Codes or numbers. A row that was never out of bag has the most frequent class, or NaN. */
  predictions(): Float64Array;
}

export function outOfBag(
  targets: ArrayLike<number>,
  classes: number,
  combine: 'mean' | 'mode',
  before?: { readonly votes: Float64Array; readonly judges: Int32Array },
): OutOfBag {
  const rows = targets.length;
  const votes = before?.votes ?? new Float64Array(rows * Math.max(1, classes));
  const judges = before?.judges ?? new Int32Array(rows);
  const answer = (row: number): number => {
    if (classes === 0) return (votes[row] as number) / (judges[row] as number);
    let most = row * classes;
    for (let at = most + 1; at < (row + 1) * classes; at++)
      if ((votes[at] as number) > (votes[most] as number)) most = at;
    return most - row * classes;
  };
  return {
    votes,
    judges,
    add(tree, drawn, leaf) {
      for (let row = 0; row < rows; row++) {
        if (drawn[row] !== 0) continue;
        judges[row] = (judges[row] as number) + 1;
        const at = leafNumber(tree, leaf(tree, row));
        if (classes > 0) addLeaf(votes, row * classes, tree, at, classes, combine);
        else votes[row] = (votes[row] as number) + (tree.values[at] as number);
      }
    },
    score() {
      let [judged, right, sum] = [0, 0, 0];
      for (let row = 0; row < rows; row++) {
        if (judges[row] === 0) continue;
        judged++;
        sum += targets[row] as number;
        if (classes > 0 && answer(row) === targets[row]) right++;
      }
      if (classes > 0 || judged === 0) return right / judged;
      let [error, spread] = [0, 0];
      for (let row = 0; row < rows; row++) {
        if (judges[row] === 0) continue;
        error += (answer(row) - (targets[row] as number)) ** 2;
        spread += (sum / judged - (targets[row] as number)) ** 2;
      }
      return 1 - error / spread;
    },
    judged() {
      let count = 0;
      for (let row = 0; row < rows; row++) if (judges[row] !== 0) count++;
      return count / rows;
    },
    predictions() {
      const counts = new Float64Array(classes);
      if (classes > 0)
        for (let row = 0; row < rows; row++)
          counts[targets[row] as number] = (counts[targets[row] as number] as number) + 1;
      const frequent = counts.indexOf(Math.max(...counts));
      return Float64Array.from({ length: rows }, (_, row) =>
        judges[row] === 0 ? (classes > 0 ? frequent : Number.NaN) : answer(row),
      );
    },
  };
}
