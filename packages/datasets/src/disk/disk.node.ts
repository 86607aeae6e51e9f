/** The file system of Node, Bun and Deno. */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';

export const disk: Disk | undefined = {
  list: (folder) => readdir(folder).catch(() => undefined),
  read: (path, signal) => readFile(path, signal && { signal }),
  join,
  environment: (name) => process.env[name],
  packageFolder(name) {
    // The folder the program runs in, the program itself, and what installed this package may each have packages of their own.
    const starts = [join(process.cwd(), 'here.js'), process.argv[1], import.meta.url];
    for (const start of starts) {
      if (start === undefined || start === '') continue;
      try {
        return dirname(createRequire(start).resolve(`${name}/package.json`));
      } catch {
        // Not installed there, or not a file: the next place is asked.
      }
    }
    return undefined;
  },
};
