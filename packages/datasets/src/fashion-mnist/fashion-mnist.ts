/** Fashion-MNIST: pictures of clothes in the form of MNIST, and harder than it. */
import { type ImageSet, type ImageSetDefinition, type ImageSetOptions, imageSet } from '../image-set/image-set.ts';

const definition: ImageSetDefinition = {
  call: 'fashionMnist()',
  title: 'Fashion-MNIST',
  folders: ['fashion-mnist', 'FashionMNIST/raw'],
  places: ['/usr/share/datasets/fashion-mnist'],
  install: '`apt-get install dataset-fashion-mnist` (Debian, Ubuntu)',
  sha256: {
    trainImages: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    trainLabels: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    testImages: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    testLabels: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
};

/** What the labels 0 to 9 stand for. */
export const fashionMnistNames: readonly string[] = [
  'T-shirt/top',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
];

/**
 * Clothes from a shop's catalogue, 28 × 28 grey bytes, labels 0 to 9 (`fashionMnistNames` says which is what).
 *
 * Looked for as `mnist` is, under the name `fashion-mnist`, and then where Debian's package `dataset-fashion-mnist` puts it.
 * @returns  `train` (60,000 rows) and `test` (10,000), each example `[28, 28, 1]`, uint8
 * @throws DATA, FORMAT, ABORTED  as `mnist` does.
 * @licence  MIT, Zalando SE. Not part of this package.
 * @source  Xiao, Rasul & Vollgraf (2017), "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms"
 * @example no-run
 * import { fashionMnist } from '@dendrite/datasets';
 * const { train, test } = await fashionMnist({ folder: '/usr/share/datasets/fashion-mnist' });
 */
export const fashionMnist = (options: ImageSetOptions = {}): Promise<ImageSet> => imageSet(definition, options);
