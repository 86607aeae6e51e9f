/** Stores keep what they were given, whole: in memory and in a folder. */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckpointStore } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directory } from './directory.ts';
import { memoryStore } from './memory-store.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dendrite-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each<[string, () => CheckpointStore]>([
  ['memoryStore()', memoryStore],
  ['directory()', () => directory(join(folder, 'deep', 'run'))],
])('%s', (_, make) => {
  test('gives back what was written, replaces, removes, and keeps copies', async () => {
    const store = make();
    expect(await store.list()).toEqual([]);
    expect(await store.read('a')).toBeUndefined();
    const bytes = new Uint8Array([1, 2, 3]);
    await store.write('a', bytes);
    bytes[0] = 9;
    await store.write('b.x-1', new Uint8Array(0));
    expect(Array.from((await store.read('a')) ?? [])).toEqual([1, 2, 3]);
    expect(await store.read('b.x-1')).toHaveLength(0);
    await store.write('a', new Uint8Array([7]));
    expect(Array.from((await store.read('a')) ?? [])).toEqual([7]);
    await store.remove('b.x-1');
    await store.remove('b.x-1');
    expect(await store.list()).toEqual(['a']);
    await store.remove('a');
  });
});

test('directory(): what a killed process was writing is no file, and is cleared away', async () => {
  const path = join(folder, 'killed');
  const store = directory(path);
  await store.write('a', new Uint8Array([1]));
  await writeFile(join(path, 'b.unfinished'), 'half');
  expect(await store.list()).toEqual(['a']);
  expect(await readdir(path)).toEqual(['a']);
});

test('directory(): folders are no files, whatever their names; links to files are', async () => {
  const path = join(folder, 'beside');
  const store = directory(path);
  await store.write('a', new Uint8Array([1]));
  for (const name of ['epoch-98-step-1-0123456789abcdef.safetensors', 'b.unfinished']) await mkdir(join(path, name));
  await symlink(join(path, 'a'), join(path, 'link'));
  await symlink(join(path, 'nowhere'), join(path, 'broken'));
  expect([...(await store.list())].sort()).toEqual(['a', 'link']);
  expect(await readdir(path)).toHaveLength(5);
});

test('directory(): a folder that cannot be is named, with the reason', async () => {
  await writeFile(join(folder, 'file'), '');
  const store = directory(join(folder, 'file', 'run'));
  await expect(store.write('a', new Uint8Array(1))).rejects.toMatchObject({
    code: 'DATA',
    message: expect.stringMatching(/^directory\('.*file\/run'\): writing a must be possible, got ENOTDIR/),
  });
  await expect(store.list()).rejects.toMatchObject({ code: 'DATA' });
});

test('directory(): two that write one file at once do not share what is half written', async () => {
  const bytes = new Uint8Array(300_000).fill(7);
  const stores = [directory(join(folder, 'twice')), directory(join(folder, 'twice'))];
  for (let i = 0; i < 5; i++) await Promise.all(stores.map((store) => store.write('a', bytes)));
  expect(await stores[0]?.read('a')).toEqual(Buffer.from(bytes));
  expect(await readdir(join(folder, 'twice'))).toEqual(['a']);
});

test('directory(): where no folder can be made, which Node itself would try for ever', async ({ skip }) => {
  skip(process.platform !== 'linux', 'a file system that takes no folders is needed');
  await expect(directory('/proc/runs/a').write('a', new Uint8Array(1))).rejects.toMatchObject({
    code: 'DATA',
    message:
      "directory('/proc/runs/a'): writing a must be possible, got that no folder can be made in /proc. Give another folder, or make room; checkpoints that are there stay whole.",
  });
});

test('directory(): a file that vanished under it points to another run in the same folder', async () => {
  const store = directory(join(folder, 'shared'));
  await expect(store.write('gone/a', new Uint8Array(1))).rejects.toMatchObject({
    code: 'DATA',
    message: expect.stringContaining('Does another run write to this folder, or remove it? Give each run its own'),
  });
});
