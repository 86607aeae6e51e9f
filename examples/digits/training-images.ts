/** The images that this example trains on and validates with. `pnpm replay out/digits.safetensors --data examples/digits/training-images.ts` reads them here. */
import { resolve } from 'node:path';
import { type ImageSet, mnist, stratifiedSplit, takePerClass } from '@dendrite/datasets';
import type { DataSource } from '@dendrite/spec';
import { inOrderOfAppearance } from './order-of-appearance.ts';
import { withRandomLabels } from './random-labels.ts';

export interface ImageChoice {
  readonly data?: string;
  /** Images at most. */
  readonly limit: number;
  readonly seed: number;
  readonly randomLabels?: boolean;
}
export interface TrainingImages {
  readonly train: DataSource<number>;
  readonly validation: DataSource<number>;
  readonly test: DataSource<number>;
}

export async function trainingImages({
  data,
  limit,
  seed,
  randomLabels = false,
}: ImageChoice): Promise<TrainingImages> {
  const found: ImageSet = await inOrderOfAppearance(await mnist(data === undefined ? {} : { folder: resolve(data) }));
  const taken = takePerClass(found.train, limit, seed);
  const images = randomLabels ? await withRandomLabels(taken, seed) : taken;
  // Split here and not by fit, so that accuracies are of images that were trained on, or were not.
  const { train, test: validation } = stratifiedSplit(images, { fraction: 0.1, seed });
  return { train, validation, test: found.test };
}

/** Those of `npm start` without flags, on WASM. */
export default async function replayed(): Promise<{ readonly data: DataSource; readonly validation: DataSource }> {
  const { train, validation } = await trainingImages({ limit: 60_000, seed: 7 });
  return { data: train, validation };
}
