/** The images that this example trains on and validates with. `pnpm replay out/digits.safetensors --data examples/digits/training-images.ts` reads them here. */
import { resolve } from 'node:path';
import { type ImageSet, mnist, stratifiedSplit, takePerClass } from '@dendrite/datasets';
import { type DataSource, DendriteError } from '@dendrite/spec';
import { parseOptions } from './options.ts';
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

/**
 * Those of `npm start` on WASM: without flags, or with those that `training-images.ts?limit=600&seed=3` says.
 * @throws OPTION  for what is no flag of data, and for numbers that are none
 */
export default async function replayed(
  asked: Readonly<Record<string, string>> = {},
): Promise<{ readonly data: DataSource; readonly validation: DataSource }> {
  const flags = ['data', 'limit', 'seed', 'random-labels'];
  const wrong = Object.keys(asked).find((name) => !flags.includes(name));
  if (wrong !== undefined)
    throw new DendriteError('OPTION', `training-images.ts: flags must be ${flags.join(', ')}, got '${wrong}'.`);
  const { 'random-labels': dealt, ...valued } = asked;
  const args = Object.entries(valued).map(([name, value]) => `--${name}=${value}`);
  const { limit = 60_000, ...options } = parseOptions([...args, ...(dealt === undefined ? [] : ['--random-labels'])]);
  const { train, validation } = await trainingImages({ ...options, limit });
  return { data: train, validation };
}
