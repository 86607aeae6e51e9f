/**
 * Checkpoints in a folder, for Node, Bun and Deno. A file is written under a name that no other process has, flushed to the disk, and
 * then renamed, and the folder is flushed too: under its own name it is whole or not there.
 */
import type { Stats } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type CheckpointStore, DendriteError } from '@dendrite/spec';

const unfinished = '.unfinished';

/**
 * The folder is made when the first file is written. Other files in it are left alone.
 * @throws (by its functions) DATA  where the file system refuses, with its reason as the cause
 * @example no-run
 * import { directory } from '@dendrite/model/node';
 * // await model.fit(data, { checkpoint: { every: 200, store: directory('runs/a') } });
 */
export function directory(path: string): CheckpointStore {
  const name = `directory('${path}')`;
  const guarded = async <T>(what: string, work: () => Promise<T>, missing: T | undefined): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (missing !== undefined && isMissing(cause)) return missing;
      throw new DendriteError(
        'DATA',
        `${name}: ${what} must be possible, got ${cause instanceof Error ? cause.message : String(cause)}. ${isMissing(cause) ? 'Does another run write to this folder, or remove it? Give each run its own' : 'Give another folder, or make room'}; checkpoints that are there stay whole.`,
        { cause },
      );
    }
  };
  return {
    '~dendrite': 'checkpoint-store',
    name,
    list: () =>
      guarded('listing its files', async () => {
        const names = await filesIn(path);
        // What a killed process was writing; or one that has no business here, and is told so.
        const left = names.filter((each) => each.endsWith(unfinished));
        await Promise.all(left.map((each) => rm(join(path, each), { force: true })));
        return names.filter((each) => !each.endsWith(unfinished));
      }, []),
    read: async (file) => {
      const none = new Uint8Array(0);
      const bytes = await guarded<Uint8Array>(`reading ${file}`, () => readFile(join(path, file)), none);
      return bytes === none ? undefined : bytes;
    },
    write: (file, bytes) => guarded(`writing ${file}`, () => writeWhole(path, file, bytes), undefined),
    remove: (file) => guarded(`removing ${file}`, () => rm(join(path, file), { force: true }), undefined),
  };
}

/** Names of files, and of links to files: a folder is none of ours, whatever its name. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const isFile = await Promise.all(
    entries.map(async (entry) =>
      entry.isSymbolicLink() ? ((await found(join(folder, entry.name)))?.isFile() ?? false) : entry.isFile(),
    ),
  );
  return entries.flatMap(({ name }, i) => (isFile[i] ? [name] : []));
}

async function writeWhole(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(resolve(folder));
  const temporary = join(folder, `${file}.${crypto.randomUUID()}${unfinished}`);
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(folder, file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await flushFolder(folder);
}

/** Folder by folder from the first that is there: Node's own way never ends where a file system takes no folders (`/proc`). */
async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let at = folder; !(await found(at)) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const each of missing.reverse()) {
    try {
      await mkdir(each);
    } catch (error) {
      // Another process was faster.
      if (hasCode(error, 'EEXIST')) continue;
      if (hasCode(error, 'ENOENT')) throw new Error(`that no folder can be made in ${dirname(each)}`, { cause: error });
      throw error;
    }
  }
}
async function found(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The name in the folder is on the disk too. Windows opens no folders, and needs none of it. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown): boolean => hasCode(error, 'ENOENT');
const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
