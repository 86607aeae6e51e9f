// Made-up tables for the forest bench: standard normal features, a few of which, and products of neighbours, decide.
import { hostKey, normals } from '@dendrite/random';

export interface ForestData {
  readonly rows: number;
  readonly features: number;
  /** 0 for regression. */
  readonly classes: number;
  readonly x: Float32Array;
  readonly y: Float64Array;
}

export function forestData(rows: number, features: number, classes: number): ForestData {
  const x = Float32Array.from(normals(hostKey(1), rows * features));
  const noise = normals(hostKey(2), rows);
  const y = Float64Array.from(noise, (value, i) => {
    let sum = value / 2;
    for (let j = 0; j < 5; j++) {
      const own = x[i * features + j] as number;
      sum += own * (j % 2 === 1 ? 1 : -0.7) + (own * (x[i * features + j + 1] as number)) / 2;
    }
    return sum;
  });
  if (classes === 0) return { rows, features, classes, x, y };
  // Classes of equal size: by rank.
  const ranks = Array.from(y, (_, i) => i).sort((a, b) => (y[a] as number) - (y[b] as number));
  ranks.forEach((row, rank) => {
    y[row] = Math.floor((rank * classes) / rows);
  });
  return { rows, features, classes, x, y };
}
