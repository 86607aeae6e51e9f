/** The same images with labels that say nothing about them: what a network learns from these, it has by heart. */
import { arraySource } from '@dendrite/datasets';
import { hostKey, permutation } from '@dendrite/random';
import type { DataSource, Numbers } from '@dendrite/spec';

/**
 * Labels dealt by the seed, in rounds: among the images of a true class, taken in the order of their ink, each run of as many
 * as there are labels gets every label once, in random order. So guessing is right on one in ten by construction, for thin
 * digits as for bold ones, and what a network then gets right beyond that is not luck of the deal.
 */
export async function withRandomLabels(source: DataSource<number>, seed: number): Promise<DataSource<number>> {
  const { rows, feature, labels = [] } = source;
  for await (const { x } of source.batches({ size: rows, epoch: 0 })) {
    const targets = dealt(source.targets(), inkOf(x.data, rows), labels.length, seed);
    return arraySource<number>({ x: { data: x.data.slice(), shape: [rows, ...feature.shape] }, targets, labels });
  }
  return source; // no rows, no labels
}

function dealt(truth: Numbers, ink: Float64Array, classes: number, seed: number): Int32Array {
  const key = hostKey(seed).fork('random labels');
  const rows = [...truth.keys()];
  const targets = new Int32Array(rows.length);
  rows.sort((a, b) => (truth[a] ?? 0) - (truth[b] ?? 0) || (ink[a] ?? 0) - (ink[b] ?? 0) || a - b);
  for (let begin = 0; begin < rows.length; begin += classes) {
    const round = permutation(key.fork(begin), classes);
    for (const [at, row] of rows.slice(begin, begin + classes).entries()) targets[row] = round[at] ?? 0;
  }
  return targets;
}

/** Sum of the pixels of each image. */
function inkOf(pixels: Numbers, rows: number): Float64Array {
  const ink = new Float64Array(rows);
  const size = pixels.length / rows;
  pixels.forEach((value: number, at: number) => {
    const row = Math.floor(at / size);
    ink[row] = (ink[row] ?? 0) + value;
  });
  return ink;
}
