/** The adding problem: two of T numbers are marked, far apart, and their sum is asked for. Made by a seed, as much as is wanted. */
import { hostKey, uniforms } from '@dendrite/random';

export interface AddingData {
  /** `[rows, T, 2]`: a number in [0, 1), and 1 where it is marked. */
  readonly x: { readonly data: Float32Array; readonly shape: readonly [number, number, number] };
  readonly y: readonly number[];
}

/**
 * One mark stands in the first half of each sequence, one in the second.
 * @source Hochreiter and Schmidhuber (1997), experiment 4, in the form of Le, Jaitly and Hinton (2015)
 */
export function addingData(rows: number, steps: number, seed: number): AddingData {
  const key = hostKey(seed);
  const values = uniforms(key.fork('values'), rows * steps);
  const places = uniforms(key.fork('places'), 2 * rows);
  const data = new Float32Array(rows * steps * 2);
  const half = Math.floor(steps / 2);
  const y: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let t = 0; t < steps; t++) data[(row * steps + t) * 2] = values[row * steps + t] ?? 0;
    const first = Math.floor((places[2 * row] ?? 0) * half);
    const second = half + Math.floor((places[2 * row + 1] ?? 0) * (steps - half));
    for (const t of [first, second]) data[(row * steps + t) * 2 + 1] = 1;
    y.push((values[row * steps + first] ?? 0) + (values[row * steps + second] ?? 0));
  }
  return { x: { data, shape: [rows, steps, 2] }, y };
}

/** Mean squared error of always saying 1, the mean of the sums. */
export const alwaysOne = ({ y }: AddingData): number => y.reduce((sum, each) => sum + (each - 1) ** 2 / y.length, 0);
