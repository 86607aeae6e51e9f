/** Monthly numbers of sunspots since 1749: from the data folder, else made up in their likeness. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostKey, normals } from '@dendrite/random';

export interface NamedSeries {
  readonly name: string;
  readonly values: readonly number[];
  /** Steps of a period. */
  readonly season: number;
}

/** Averages of whole years would hide what is noise and what is cycle: the months stay as they are. */
export function sunspots(folder: string | undefined): NamedSeries | undefined {
  const file = folder === undefined ? undefined : join(folder, 'sunspot.month.csv');
  if (file === undefined || !existsSync(file)) return undefined;
  const values = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
  // The cycle is about eleven years long.
  return { name: 'sunspots, monthly since 1749', values, season: 132 };
}

/** A cycle whose length and height wander, with noise: small, and made by a seed. */
export function madeUp(steps: number, seed: number): NamedSeries {
  const noise = normals(hostKey(seed), 3 * steps);
  const values: number[] = [];
  let phase = 0;
  let height = 60;
  for (let t = 0; t < steps; t++) {
    phase += (2 * Math.PI) / 24 + 0.02 * (noise[3 * t] ?? 0);
    height = 60 + 0.97 * (height - 60) + 3 * (noise[3 * t + 1] ?? 0);
    values.push(Math.max(0, height * (1 - Math.cos(phase)) + 5 * (noise[3 * t + 2] ?? 0)));
  }
  return { name: 'a made-up cycle', values, season: 24 };
}
