/** Impurity: how gains are measured, and what a split took away from it. */

import { refused } from './kernels.ts';

export type Criterion = 'gini' | 'entropy' | 'squared error';

/**
 * The gain of a cut with these left totals, comparable within a node; the files of the scans give the formulas. Entropy, with
 * K classes: `Σ L ln L − l ln l + Σ R ln R − r ln r + W ln K`, which is at least 0 whatever the weights add up to.
 */
export function gainOf(criterion: Criterion, left: Float64Array, totals: Float64Array): number {
  if (criterion === 'squared error')
    return betweenSquares(left[0] as number, left[1] as number, totals[0] as number, totals[1] as number);
  const classes = totals.length;
  if (criterion === 'gini' && classes === 2) {
    const [l0, l1] = [left[0] as number, left[1] as number];
    const [all0, all1] = [totals[0] as number, totals[1] as number];
    return betweenSquares(l0 + l1, l1, all0 + all1, all1);
  }
  let l = 0;
  let all = 0;
  for (let k = 0; k < classes; k++) {
    l += left[k] as number;
    all += totals[k] as number;
  }
  const r = all - l;
  if (!(l > 0 && r > 0)) return refused;
  let [ofLeft, ofRight] = [0, 0];
  if (criterion === 'gini') {
    for (let k = 0; k < classes; k++) {
      const own = left[k] as number;
      const other = (totals[k] as number) - own;
      ofLeft += own * own;
      ofRight += other * other;
    }
    return (ofLeft * r + ofRight * l) / (l * r);
  }
  for (let k = 0; k < classes; k++) {
    ofLeft += xLogX(left[k] as number);
    ofRight += xLogX((totals[k] as number) - (left[k] as number));
  }
  return Math.max(0, ofLeft - xLogX(l) + (ofRight - xLogX(r)) + all * Math.log(classes));
}

/** `(s·W − S·l)² / (l·r)`: W times the squares between the two sides. */
function betweenSquares(l: number, s: number, all: number, sum: number): number {
  const r = all - l;
  if (!(l > 0 && r > 0)) return refused;
  const difference = s * all - sum * l;
  return (difference * difference) / (l * r);
}

/** Weight times impurity that a cut of this gain takes away: `W·I − l·I_l − r·I_r`. Entropy in nats. */
export function decreaseOf(criterion: Criterion, gain: number, totals: Float64Array): number {
  if (criterion === 'squared error') return gain / (totals[0] as number);
  if (criterion === 'gini' && totals.length === 2) return (gain / ((totals[0] as number) + (totals[1] as number))) * 2;
  let [all, squares, logs] = [0, 0, 0];
  for (let k = 0; k < totals.length; k++) {
    const total = totals[k] as number;
    all += total;
    squares += total * total;
    if (criterion === 'entropy') logs += xLogX(total);
  }
  const before = criterion === 'gini' ? squares / all : logs - xLogX(all) + all * Math.log(totals.length);
  return Math.max(0, gain - before);
}

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0);
