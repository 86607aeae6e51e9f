// What a page needs that trains a forest, tells its progress and predicts with it: what `forest` weighs.
import { randomForestClassifier } from '@dendrite/random-forest';

export async function train(
  rows: Record<string, number | string>[],
  target: string,
  tell: (text: string) => void,
): Promise<unknown> {
  const onProgress = ({ metrics }: { readonly metrics: object }): void => tell(JSON.stringify(metrics));
  const forest = await randomForestClassifier({ trees: 100 }).fit({ rows, target }, { onProgress });
  return forest.predict(rows);
}
