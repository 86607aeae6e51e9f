/**
 * Labelled images in four idx files: what MNIST and the sets made in its form share. It finds the files, reads them, checks
 * the bytes of the originals, and makes two sources of them. It never touches a network.
 */
import { arraySource } from '@dendrite/model';
import { type DataSource, DendriteError, type Shape } from '@dendrite/spec';
import { type IdxArray, parseIdx, unpackIdx } from '../idx/read-idx.ts';
import { takePerClass } from '../take-per-class/take-per-class.ts';
import { type Found, findFiles, type PartName, partNames } from './find-files.ts';
import { verify } from './verify.ts';

/** The four files of a set, as bytes, gzipped or not. */
export type ImageFiles = Readonly<Record<PartName, Uint8Array>>;

export interface ImageSetOptions {
  /** Look only here. Any four idx files in MNIST's names: other images and other labels are fine. */
  readonly folder?: string;
  /** The files themselves, where there is no file system or they come from elsewhere. Wins over `folder`. */
  readonly files?: ImageFiles;
  /** Keep so many training images, the classes in their shares, drawn by `seed`. Default: all. */
  readonly limit?: number;
  /** For `limit`, default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Told after each of the four files. */
  onProgress?(event: { readonly file: string; readonly done: number; readonly of: number }): void;
}

/** Both parts have the same labels in the same order, so their codes agree. */
export interface ImageSet {
  readonly train: DataSource<number>;
  readonly test: DataSource<number>;
}

/** What tells one set from another. */
export interface ImageSetDefinition {
  /** `'mnist()'`, for messages. */
  readonly call: string;
  readonly title: string;
  /** Folders inside a folder of data sets. */
  readonly folders: readonly string[];
  /** Folders known on some systems. */
  readonly places: readonly string[];
  /** An npm package that holds the files, and its folder. */
  readonly package?: { readonly name: string; readonly folder: string };
  /** What to type to get the files. */
  readonly install: string;
  /** Of the unpacked files. */
  readonly sha256: Readonly<Record<PartName, string>>;
}

/** Reads a set; see `mnist`. */
export async function imageSet(definition: ImageSetDefinition, options: ImageSetOptions = {}): Promise<ImageSet> {
  const { call } = definition;
  const { limit, seed = 0 } = options;
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new DendriteError('OPTION', `${call}: limit must be a positive integer, got ${limit}. Leave it out for all.`);
  }
  const found = options.files ? given(options.files) : await findFiles(definition, options);
  const arrays: Partial<Record<PartName, IdxArray>> = {};
  for (const [index, part] of partNames.entries()) {
    stopIfAsked(call, options.signal);
    const { name, bytes } = await found.read(part);
    const file = await unpackIdx(bytes, { name });
    if (found.original) await verify(definition, part, name, file);
    arrays[part] = parseIdx(file, { name });
    options.onProgress?.({ file: name, done: index + 1, of: partNames.length });
  }
  stopIfAsked(call, options.signal);
  const { trainImages, trainLabels, testImages, testLabels } = arrays;
  if (!trainImages || !trainLabels || !testImages || !testLabels)
    throw new TypeError('unreachable: four parts were read');
  const train = checked(call, 'training', trainImages, trainLabels);
  const test = checked(call, 'test', testImages, testLabels);
  if (train.shape.slice(1).join() !== test.shape.slice(1).join()) {
    throw new DendriteError(
      'DATA',
      `${call}: training and test images must have one size, got [${train.shape.slice(1).join(', ')}] and [${test.shape.slice(1).join(', ')}]. Use files of one set.`,
    );
  }
  const labels = [...new Set([...train.labels, ...test.labels])].sort((a, b) => a - b);
  const trainSource = source(train, labels);
  return {
    train: limit === undefined ? trainSource : takePerClass(trainSource, limit, seed),
    test: source(test, labels),
  };
}

const given = (files: ImageFiles): Found => ({
  original: false,
  read: async (part) => ({ name: part, bytes: files[part] }),
});

interface Part {
  readonly data: Uint8Array;
  /** `[rows, height, width, channels]` */
  readonly shape: Shape;
  readonly labels: IdxArray['data'];
}

function checked(call: string, part: string, images: IdxArray, labels: IdxArray): Part {
  const { data, shape } = images;
  if (!(data instanceof Uint8Array) || shape.length < 3 || shape.length > 4) {
    throw new DendriteError(
      'DATA',
      `${call}: the ${part} images must be bytes of shape [rows, height, width] or [rows, height, width, channels], got ${images.dtype} of shape [${shape.join(', ')}]. Use readIdx for other arrays.`,
    );
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== shape[0]) {
    throw new DendriteError(
      'DATA',
      `${call}: the ${part} part must have one label an image, got labels of shape [${labels.shape.join(', ')}] for ${shape[0]} images. Use files of one set.`,
    );
  }
  if (shape[0] === 0) {
    throw new DendriteError('DATA', `${call}: the ${part} part must have at least one image, got 0. Use other files.`);
  }
  return { data, shape: shape.length === 4 ? shape : [...shape, 1], labels: labels.data };
}

function source({ data, shape, labels: values }: Part, labels: readonly number[]): DataSource<number> {
  const codes = new Map(labels.map((label, code) => [label, code]));
  const targets = Int32Array.from(values, (label) => codes.get(label) ?? -1);
  return arraySource<number>({ x: { data, shape }, targets, labels });
}

function stopIfAsked(call: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new DendriteError('ABORTED', `${call}: reading was stopped by its signal.`, { cause: signal.reason });
  }
}
