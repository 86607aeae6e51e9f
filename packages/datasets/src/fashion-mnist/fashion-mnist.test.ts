import { existsSync } from 'node:fs';
import { isDendriteError } from '@dendrite/spec';
import { expect, test, vi } from 'vitest';
import { fashionMnist, fashionMnistNames } from './fashion-mnist.ts';

test('there is a name for each of the ten classes', () => {
  expect(new Set(fashionMnistNames).size).toBe(10);
  expect([fashionMnistNames[0], fashionMnistNames[9]]).toEqual(['T-shirt/top', 'ankle boot']);
});

const installed = existsSync('/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz');

test.skipIf(!installed)(
  'the 70,000 clothes are read (needs `apt-get install dataset-fashion-mnist`)',
  async () => {
    const { train, test: held } = await fashionMnist();
    expect([train.rows, held.rows]).toEqual([60_000, 10_000]);
    expect([...train.targets().subarray(0, 6)]).toEqual([9, 0, 0, 3, 0, 2]);
    expect([...held.targets().subarray(0, 6)]).toEqual([9, 2, 1, 1, 6, 1]);
  },
  60_000,
);

test('where it is absent, the message says what to install', async () => {
  vi.stubEnv('DENDRITE_DATA', 'no-such-folder');
  const error: unknown = await fashionMnist().catch((e: unknown) => e);
  vi.unstubAllEnvs();
  if (installed) return;
  expect(isDendriteError(error, 'DATA') && error.message).toMatch(
    /no-such-folder.*\/usr\/share\/datasets\/fashion-mnist.*apt-get install dataset-fashion-mnist/,
  );
});
