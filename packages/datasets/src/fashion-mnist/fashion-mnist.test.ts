import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { fashionMnist, fashionMnistNames } from './fashion-mnist.ts';

test('there is a name for each of the ten classes', () => {
  expect(new Set(fashionMnistNames).size).toBe(10);
  expect([fashionMnistNames[0], fashionMnistNames[9]]).toEqual(['T-shirt/top', 'ankle boot']);
});

test('the 70,000 clothes are read where they are installed; elsewhere the message says what to install', async () => {
  const set: unknown = await fashionMnist().catch((error: unknown) => error);
  if (isDendriteError(set)) {
    expect(set.code).toBe('DATA');
    expect(set.message).toMatch(
      /found none in .*fashion-mnist.*\/usr\/share\/datasets\/fashion-mnist.*apt-get install dataset-fashion-mnist/,
    );
    return;
  }
  const { train, test: held } = await fashionMnist();
  expect([train.rows, held.rows]).toEqual([60_000, 10_000]);
  expect([...train.targets().subarray(0, 6)]).toEqual([9, 0, 0, 3, 0, 2]);
  expect([...held.targets().subarray(0, 6)]).toEqual([9, 2, 1, 1, 6, 1]);
}, 60_000);
