/** The same images with labels that say nothing about them: what a network learns from these, it has by heart. */
import { arraySource } from '@dendrite/datasets';
import { hostKey, permutation } from '@dendrite/random';
import type { DataSource } from '@dendrite/spec';

/**
 * Labels dealt by the seed. Within each true class every label comes equally often (to within one), so that guessing is
 * right on one in ten by construction and not by luck.
 */
export async function withRandomLabels(source: DataSource<number>, seed: number): Promise<DataSource<number>> {
  const { rows, feature, labels = [] } = source;
  const truth = source.targets();
  const targets = new Int32Array(rows);
  const key = hostKey(seed).fork('random labels');
  let turn = 0; // goes on from class to class, so that the labels are balanced over all rows too
  for (let code = 0; code < labels.length; code++) {
    const members = Uint32Array.from(truth.keys()).filter((row) => truth[row] === code);
    for (const at of permutation(key.fork(code), members.length)) {
      targets[members[at] ?? 0] = turn++ % labels.length;
    }
  }
  for await (const { x } of source.batches({ size: rows, epoch: 0 })) {
    return arraySource<number>({ x: { data: x.data.slice(), shape: [rows, ...feature.shape] }, targets, labels });
  }
  return source; // no rows, no labels
}
