/** Classes are numbered as they first appear, not by what they are called: renaming them changes nothing that is learned. */
import { arraySource } from '@dendrite/datasets';
import type { DataSource } from '@dendrite/spec';

interface Parts {
  readonly train: DataSource<number>;
  readonly test: DataSource<number>;
}

/**
 * The same two parts with their labels in the order in which they first appear in the training part (then in the test part).
 * Initial weights, splits and shuffles go by a class's number, so a set whose classes were renamed is learned bit for bit alike.
 */
export async function inOrderOfAppearance({ train, test }: Parts): Promise<Parts> {
  const names = (source: DataSource<number>): number[] =>
    Array.from(source.targets(), (code) => source.labels?.[code] ?? Number.NaN);
  const labels = [...new Set([...names(train), ...names(test)])];
  const codes = new Map(labels.map((label, code) => [label, code]));
  const renumbered = async (source: DataSource<number>): Promise<DataSource<number>> => {
    const { rows, feature } = source;
    const targets = Int32Array.from(names(source), (label) => codes.get(label) ?? -1);
    // One batch without a shuffle is all rows, and shares their bytes.
    for await (const { x } of source.batches({ size: rows, epoch: 0 })) {
      return arraySource<number>({ x: { data: x.data, shape: [rows, ...feature.shape] }, targets, labels });
    }
    return source;
  };
  return { train: await renumbered(train), test: await renumbered(test) };
}
