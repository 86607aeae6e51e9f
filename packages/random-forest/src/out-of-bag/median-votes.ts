/** Out-of-bag votes whose median is a row's answer: all of them are kept, in order of size. Loaded where a forest asks for it. */
import { medianOf } from '../predict/median.ts';
import { countJudges } from './judges.ts';
import { scoreOf } from './number-votes.ts';
import type { KeptVotes, Votes } from './out-of-bag.ts';

export function medianVotes(targets: ArrayLike<number>, before?: KeptVotes): Votes {
  const rows = targets.length;
  const judges = countJudges(rows, before?.judges);
  const votes: number[][] = [];
  for (let row = 0, at = 0; row < rows; row++) {
    const end = at + (before ? (judges.counts[row] as number) : 0);
    votes.push(before ? Array.from(before.sums.subarray(at, end)) : []);
    at = end;
  }
  const answer = (row: number): number => medianOf(votes[row] ?? []);
  return {
    add({ values }, judged, leaves) {
      judges.add(judged);
      for (let i = 0; i < judged.length; i++)
        insert(votes[judged[i] as number] ?? [], values[leaves[i] as number] as number);
    },
    judged: judges.judged,
    score: () => scoreOf(targets, judges, answer),
    predictions: () => Float64Array.from({ length: rows }, (_, row) => answer(row)),
    kept: () => ({ judges: judges.counts.slice(), counts: new Int32Array(0), sums: Float64Array.from(votes.flat()) }),
  };
}

/** Puts a number where it belongs in a list that is in order. */
function insert(ordered: number[], value: number): void {
  let at = ordered.length;
  ordered.push(value);
  for (; at > 0 && (ordered[at - 1] as number) > value; at--) ordered[at] = ordered[at - 1] as number;
  ordered[at] = value;
}
