/** Out-of-bag votes that are numbers: a row's answer is their mean. */
import type { KeptVotes, Votes } from './out-of-bag.ts';

/** @param judges  how many trees judged each row; counted by the caller */
export function numberVotes(targets: ArrayLike<number>, judges: Int32Array, before?: Pick<KeptVotes, 'sums'>): Votes {
  const rows = targets.length;
  const sums = before?.sums.slice() ?? new Float64Array(rows);
  return {
    add({ values }, judged, leaves) {
      for (let i = 0; i < judged.length; i++) {
        const row = judged[i] as number;
        sums[row] = (sums[row] as number) + (values[leaves[i] as number] as number);
      }
    },
    predictions() {
      const found = new Float64Array(rows);
      // Nobody's vote by no vote is NaN.
      for (let row = 0; row < rows; row++) found[row] = (sums[row] as number) / (judges[row] as number);
      return found;
    },
    score(judged) {
      let sum = 0;
      for (let row = 0; row < rows; row++) if (judges[row] !== 0) sum += targets[row] as number;
      const mean = sum / judged;
      let [error, spread] = [0, 0];
      for (let row = 0; row < rows; row++) {
        const count = judges[row] as number;
        if (count === 0) continue;
        const target = targets[row] as number;
        error += ((sums[row] as number) / count - target) ** 2;
        spread += (mean - target) ** 2;
      }
      return 1 - error / spread;
    },
    kept: () => ({ counts: new Int32Array(0), sums: sums.slice() }),
  };
}
