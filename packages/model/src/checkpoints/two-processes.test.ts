/** Two processes write into one folder: whatever one does to the other, no file is ever damaged, and who is hindered says what to do. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { checkpointNames, readCheckpoint } from './checkpoint-file.ts';
import { directory } from './directory.ts';

const rounds = 15;
const program = fileURLToPath(new URL('writer.fixture.ts', import.meta.url));
const writer = async (folder: string): Promise<{ readonly written: number; readonly refused: number }> => {
  const args = ['--conditions=@dendrite/source', program, folder, String(rounds)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
};

test('two processes, one folder', { timeout: 30_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dendrite-two-'));
  try {
    const ended = await Promise.all([writer(folder), writer(folder)]);
    for (const each of ended) {
      expect(each).toMatchObject({ damaged: 0, strange: [] });
      expect(each.written + each.refused).toBe(rounds);
      expect(each.written).toBeGreaterThan(0);
    }
    const store = directory(folder);
    const names = await checkpointNames(store);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect((await readCheckpoint(store, name))?.cursor.step).toBe(name.step);
    expect((await readdir(folder)).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
