/** Weighted mean and sum of squared deviations that can be merged: two passes over a part, then Chan's update. */

export interface Spread {
  readonly weight: number;
  readonly mean: number;
  /** `Σ wᵢ·(xᵢ − mean)²` */
  readonly squares: number;
}

export const noSpread: Spread = { weight: 0, mean: 0, squares: 0 };

/** Of `rows` values. */
export function spreadOf(rows: number, value: (i: number) => number, weightAt: (i: number) => number): Spread {
  let weight = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const w = weightAt(i);
    if (w === 0) continue;
    weight += w;
    total += w * value(i);
  }
  if (weight === 0) return noSpread;
  const mean = total / weight;
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    const w = weightAt(i);
    if (w > 0) squares += w * (value(i) - mean) ** 2;
  }
  return { weight, mean, squares };
}

/**
 * Of both parts together. No difference of large sums appears, so values far from 0 keep their digits.
 * @source Chan, Golub, LeVeque: Updating formulae and a pairwise algorithm for computing sample variances (1979)
 */
export function mergeSpread(a: Spread, b: Spread): Spread {
  if (a.weight === 0) return b;
  if (b.weight === 0) return a;
  const weight = a.weight + b.weight;
  const apart = b.mean - a.mean;
  return {
    weight,
    mean: a.mean + apart * (b.weight / weight),
    squares: a.squares + b.squares + apart * apart * ((a.weight * b.weight) / weight),
  };
}
