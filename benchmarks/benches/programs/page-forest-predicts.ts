// What a page needs that predicts with a saved forest: what `forest` weighs.
import { loadForest } from '@dendrite/random-forest/predict';

export async function predict(file: Uint8Array, rows: Record<string, number | string>[]): Promise<unknown> {
  const forest = await loadForest(file);
  return forest.predict(rows);
}
