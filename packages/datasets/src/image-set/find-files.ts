/** Where the four files of an image set lie on this machine. */
import { DendriteError } from '@dendrite/spec';
import { disk } from '#disk';
import { dataRoots } from '../disk/data-roots.ts';
import type { Disk } from '../disk/disk.ts';
import type { ImageSetDefinition, ImageSetOptions } from './image-set.ts';

/** The four files, in the order in which they are read. */
export const partNames = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
export type PartName = (typeof partNames)[number];

export interface Found {
  /** Whether the files claim to be the published ones, so that their bytes are checked. */
  readonly original: boolean;
  read(part: PartName): Promise<{ readonly name: string; readonly bytes: Uint8Array }>;
}

// train-images-idx3-ubyte, train-images.idx3-ubyte, t10k-labels-idx1-ubyte.gz, …
const patterns: Readonly<Record<PartName, RegExp>> = {
  trainImages: /^train[-_.]images[-_.]idx\d[-_.]ubyte(\.gz)?$/i,
  trainLabels: /^train[-_.]labels[-_.]idx\d[-_.]ubyte(\.gz)?$/i,
  testImages: /^(t10k|test)[-_.]images[-_.]idx\d[-_.]ubyte(\.gz)?$/i,
  testLabels: /^(t10k|test)[-_.]labels[-_.]idx\d[-_.]ubyte(\.gz)?$/i,
};
const examples: Readonly<Record<PartName, string>> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/**
 * The first folder that has all four: `folder` alone if it was given; else the folder in DENDRITE_DATA, `data` and
 * `../shared/data` here, the npm package, and places known on some systems.
 * @throws DATA  if there is none; the message lists every place and what each lacks.
 */
export async function findFiles(definition: ImageSetDefinition, options: ImageSetOptions): Promise<Found> {
  const { call, title, install } = definition;
  if (disk === undefined) {
    throw new DendriteError(
      'DATA',
      `${call}: files are looked for on a disk, and there is none here. Fetch the four idx files yourself and give their bytes: { files: { trainImages, trainLabels, testImages, testLabels } }.`,
    );
  }
  const looked: string[] = [];
  for (const { folder, where = folder } of candidates(disk, definition, options)) {
    const names = folder === undefined ? undefined : await disk.list(folder);
    if (folder === undefined || names === undefined) {
      looked.push(`${where} (not there)`);
      continue;
    }
    const chosen = chooseFiles(names);
    const lacking = partNames.filter((part) => chosen[part] === undefined);
    if (lacking.length === 0) return found(disk, call, folder, chosen, options);
    looked.push(`${where} (lacks ${lacking.map((part) => examples[part]).join(', ')})`);
  }
  const advice =
    options.folder === undefined
      ? `Install it: ${install}; or give { folder } with the four files, or set DENDRITE_DATA to a folder that has ${definition.folders[0]} in it.`
      : `Name a folder with four idx files, gzipped or not, or leave the folder out: ${install}.`;
  throw new DendriteError(
    'DATA',
    `${call}: the four files of ${title} must be on this machine, found none in ${looked.join('; ')}. ${advice}`,
  );
}

function candidates(
  disk: Disk,
  { folders, places, package: npm }: ImageSetDefinition,
  { folder }: ImageSetOptions,
): { readonly folder: string | undefined; readonly where?: string }[] {
  if (folder !== undefined) return [{ folder }];
  const inRoots = dataRoots(disk).flatMap((root) => folders.map((name) => ({ folder: disk.join(root, name) })));
  const installed = npm && disk.packageFolder(npm.name);
  const inPackage = npm && {
    folder: installed && disk.join(installed, npm.folder),
    where: `the npm package ${npm.name}`,
  };
  return [...inRoots, ...(inPackage ? [inPackage] : []), ...places.map((place) => ({ folder: place }))];
}

function chooseFiles(names: readonly string[]): Partial<Record<PartName, string>> {
  const plainFirst = [...names].sort((a, b) => Number(/\.gz$/i.test(a)) - Number(/\.gz$/i.test(b)) || (a < b ? -1 : 1));
  const chosen: Partial<Record<PartName, string>> = {};
  for (const part of partNames) {
    const name = plainFirst.find((each) => patterns[part].test(each));
    if (name !== undefined) chosen[part] = name;
  }
  return chosen;
}

function found(
  disk: Disk,
  call: string,
  folder: string,
  chosen: Partial<Record<PartName, string>>,
  options: ImageSetOptions,
): Found {
  return {
    original: options.folder === undefined,
    async read(part) {
      const name = chosen[part] ?? examples[part];
      const path = disk.join(folder, name);
      try {
        return { name: path, bytes: await disk.read(path, options.signal) };
      } catch (cause) {
        if (options.signal?.aborted) {
          throw new DendriteError('ABORTED', `${call}: reading was stopped by its signal.`, { cause });
        }
        throw new DendriteError('DATA', `${call}: ${path} must be readable, and is not: ${String(cause)}.`, { cause });
      }
    },
  };
}
