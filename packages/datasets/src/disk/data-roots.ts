/** The folders of data sets that a machine is likely to have, first choice first. No path of one machine is among them. */
import type { Disk } from './disk.ts';

/** What the environment variable DENDRITE_DATA names, then `data` and `../shared/data` from where the program runs. */
export function dataRoots(disk: Disk): readonly string[] {
  const own = disk.environment('DENDRITE_DATA');
  return [...(own ? [own] : []), 'data', disk.join('..', 'shared', 'data')];
}
