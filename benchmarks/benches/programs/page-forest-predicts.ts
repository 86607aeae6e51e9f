// What a page needs that predicts with a saved forest: what `forest` weighs.
import { fromBytes } from '@dendrite/model';
import { randomForestClassifier } from '@dendrite/random-forest';

export async function predict(file: Uint8Array, rows: Record<string, number | string>[]): Promise<unknown> {
  const forest = await randomForestClassifier().restore(fromBytes(file));
  return forest.predict(rows);
}
