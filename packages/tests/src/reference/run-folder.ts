/** Every case of every known file of a folder, on one backend. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { runFiles, type Tell } from './run-files.ts';

export async function runFolder(folder: string, machine: Machine, tell?: Tell): ReturnType<typeof runFiles> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const texts = names.map(
    (name) => [name.slice(0, -'.json'.length), readFileSync(join(folder, name), 'utf8')] as const,
  );
  return runFiles(Object.fromEntries(texts), machine, tell);
}
