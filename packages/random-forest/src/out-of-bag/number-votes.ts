/** Out-of-bag votes that are numbers: a row's answer is their mean. */
import { countJudges, type Judges } from './judges.ts';
import { meansOf } from './means.ts';
import type { KeptVotes, Votes } from './out-of-bag.ts';

export function numberVotes(targets: ArrayLike<number>, before?: KeptVotes): Votes {
  const rows = targets.length;
  const judges = countJudges(rows, before?.judges);
  const sums = before?.sums.slice() ?? new Float64Array(rows);
  return {
    add({ values }, judged, leaves) {
      judges.add(judged);
      for (let i = 0; i < judged.length; i++) {
        const row = judged[i] as number;
        sums[row] = (sums[row] as number) + (values[leaves[i] as number] as number);
      }
    },
    judged: judges.judged,
    predictions: () => meansOf(sums, judges.counts),
    score: () => scoreOf(targets, judges, (row) => (sums[row] as number) / (judges.counts[row] as number)),
    kept: () => ({ judges: judges.counts.slice(), counts: new Int32Array(0), sums: sums.slice() }),
  };
}

/** R² over the judged rows. Where their targets are all alike it is 1 if they are met, but for rounding, else 0. */
export function scoreOf(targets: ArrayLike<number>, judges: Judges, answer: (row: number) => number): number {
  const { counts } = judges;
  const rows = counts.length;
  let [sum, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    if (counts[row] === 0) continue;
    const target = targets[row] as number;
    sum += target;
    if (target < least) least = target;
    if (target > most) most = target;
  }
  const mean = sum / judges.judged();
  let [error, spread, farthest] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    if (counts[row] === 0) continue;
    const target = targets[row] as number;
    const wrong = answer(row) - target;
    error += wrong * wrong;
    const apart = mean - target;
    spread += apart * apart;
    farthest = Math.max(farthest, Math.abs(wrong));
  }
  return least === most ? Number(farthest <= 1e-12 * Math.abs(most)) : 1 - error / spread;
}
