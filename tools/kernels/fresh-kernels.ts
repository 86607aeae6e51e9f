// Emits the forests' kernels again where a source of theirs is younger than they are: they are files that git does not keep, and a
// pull changes their emitter alone. Scripts that run or measure forests import this before anything else, and so do the tests.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const root = join(import.meta.dirname, '../..');
const [forest, assembler] = ['packages/random-forest/src', 'packages/wasm-assembler/src'].map((folder) =>
  join(root, folder),
) as [string, string];

/** When each file of a folder was written last, in milliseconds. */
const agesIn = (folder: string, counts: (name: string) => boolean): number[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && counts(name))
    .map((name) => statSync(join(folder, name)).mtimeMs);

const isEmitted = (name: string): boolean => name.endsWith('.gen.ts');
const isSource = (name: string): boolean => !isEmitted(name) && !name.includes('.test');

// Threads are started by a program that has been here.
if (isMainThread) {
  const youngest = Math.max(...agesIn(forest, isSource), ...agesIn(assembler, isSource));
  const emitted = agesIn(forest, isEmitted);
  if (emitted.length === 0 || Math.min(...emitted) < youngest) {
    const emitter = join(forest, 'wasm/kernels.emit.ts');
    const { status } = spawnSync(process.execPath, ['--conditions=@dendrite/source', emitter], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`kernels: ${emitter} must end well, got exit code ${status}.`);
  }
}
