/**
 * Out-of-bag votes: each row judged by the trees that did not learn from it, about 0.368 of them. An estimate of the error
 * on new data that costs no data.
 * @source Breiman: Out-of-bag estimation (1996)
 */
import { addLeaf } from '../predict/forest.ts';
import type { Tree } from '../tree/tree.ts';

export interface OutOfBag {
  /** `[rows, classes]` sums, or one sum a row. */
  readonly votes: Float64Array;
  /** Trees that judged a row. */
  readonly judges: Int32Array;
  /** Adds a tree's votes for rows that it did not draw: their numbers, and the number of each one's leaf. */
  add(tree: Tree, judged: Int32Array, leaves: Int32Array): void;
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
  // Kept up to date row by row, so that a score after every tree costs no pass over all rows.
  const isRight = new Uint8Array(classes > 0 ? rows : 0);
  let judgedRows = 0;
  let rightRows = 0;
  const look = (row: number): void => {
    const now = Number(answer(row) === targets[row]);
    rightRows += now - (isRight[row] as number);
    isRight[row] = now;
  };
  for (let row = 0; row < rows; row++) {
    if (judges[row] === 0) continue;
    judgedRows++;
    if (classes > 0) look(row);
  }
  return {
    votes,
    judges,
    add(tree, judged, leaves) {
      for (let i = 0; i < judged.length; i++) {
        const row = judged[i] as number;
        const leaf = leaves[i] as number;
        if (judges[row] === 0) judgedRows++;
        judges[row] = (judges[row] as number) + 1;
        if (classes > 0) {
          addLeaf(votes, row * classes, tree, leaf, classes, combine);
          look(row);
        } else votes[row] = (votes[row] as number) + (tree.values[leaf] as number);
      }
    },
    score() {
      if (classes > 0 || judgedRows === 0) return rightRows / judgedRows;
      let sum = 0;
      for (let row = 0; row < rows; row++) if (judges[row] !== 0) sum += targets[row] as number;
      const mean = sum / judgedRows;
      let [error, spread] = [0, 0];
      for (let row = 0; row < rows; row++) {
        if (judges[row] === 0) continue;
        error += (answer(row) - (targets[row] as number)) ** 2;
        spread += (mean - (targets[row] as number)) ** 2;
      }
      return 1 - error / spread;
    },
    judged: () => judgedRows / rows,
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
