/** Browsers have no file system to look in. */
import type { Disk } from './disk.ts';

export const disk: Disk | undefined = undefined;
