// What a page needs that trains a forest and saves it: what `forest` weighs.
import { toBytes } from '@dendrite/model';
import { randomForestClassifier } from '@dendrite/random-forest';

export async function train(
  rows: Record<string, number | string>[],
  target: string,
  tell: (text: string) => void,
): Promise<Uint8Array> {
  const onProgress = ({ metrics }: { readonly metrics: object }): void => tell(JSON.stringify(metrics));
  const forest = await randomForestClassifier({ trees: 100 }).fit({ rows, target }, { onProgress });
  return toBytes(await forest.save());
}
