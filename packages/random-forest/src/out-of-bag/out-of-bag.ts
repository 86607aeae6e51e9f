/**
 * Out-of-bag votes: each row judged by the trees that did not learn from it, about 0.368 of them. An estimate of the error
 * on new data that costs no data.
 * @source Breiman: Out-of-bag estimation (1996)
 */
import type { Tree } from '../tree/tree.ts';
import { classVotes } from './class-votes.ts';
import { numberVotes } from './number-votes.ts';

/** How the votes are counted. */
export interface VoteSettings {
  /** 0: votes are numbers. */
  readonly classes: number;
  /** At most so many vote on a row. */
  readonly trees: number;
  readonly combine: 'mean' | 'mode';
}
/** The votes so far, for a checkpoint. */
export interface KeptVotes {
  /** Trees that judged a row. */
  readonly judges: Int32Array;
  /** `[rows, classes]` whole votes; none of numbers. */
  readonly counts: Int32Array;
  /** `[rows, classes]` sums of class fractions, where a leaf gave any; `[rows]` sums of numbers. */
  readonly sums: Float64Array;
}
/** Votes on all rows, whatever is predicted. */
export interface Votes {
  /** A tree's votes for rows that it did not draw: their numbers, and the number of each one's leaf. */
  add(tree: Tree, judged: Int32Array, leaves: Int32Array): void;
  /** Codes or numbers. A row that nobody has judged has the most frequent class, or NaN. */
  predictions(): Float64Array;
  /** Accuracy or R² over the judged rows, of which there is one at least. */
  score(judged: number): number;
  kept(): Pick<KeptVotes, 'counts' | 'sums'>;
}
export interface OutOfBag extends Pick<Votes, 'add' | 'predictions'> {
  kept(): KeptVotes;
  /** Accuracy or R² over the rows that were judged; NaN where none was. */
  score(): number;
  /** The share of rows that were judged: near 1 after some fifteen trees. */
  judged(): number;
}

export function outOfBag(targets: ArrayLike<number>, settings: VoteSettings, before?: KeptVotes): OutOfBag {
  const rows = targets.length;
  const judges = before?.judges.slice() ?? new Int32Array(rows);
  const votes = settings.classes > 0 ? classVotes(targets, settings, before) : numberVotes(targets, judges, before);
  let judgedRows = 0;
  for (let row = 0; row < rows; row++) if (judges[row] !== 0) judgedRows++;
  return {
    kept: () => ({ judges: judges.slice(), ...votes.kept() }),
    add(tree, judged, leaves) {
      for (let i = 0; i < judged.length; i++) {
        const row = judged[i] as number;
        const count = judges[row] as number;
        if (count === 0) judgedRows++;
        judges[row] = count + 1;
      }
      votes.add(tree, judged, leaves);
    },
    score: () => (judgedRows === 0 ? Number.NaN : votes.score(judgedRows)),
    judged: () => judgedRows / rows,
    predictions: votes.predictions,
  };
}
