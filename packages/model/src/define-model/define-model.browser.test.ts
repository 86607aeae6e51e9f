import { expect, test } from 'vitest';
import { load, toBytes } from '../index.ts';
import { nearestCentroid } from './nearest-centroid.fixture.ts';

test('in a browser: fit, predict, save, load', async () => {
  const x = [[0], [1], [10], [11]];
  const fitted = await nearestCentroid().fit({ x, y: ['a', 'a', 'b', 'b'] }, { seed: 3 });
  const saved = await fitted.save();
  // The same data have the same fingerprint here and in Node.
  expect(saved.header.data).toBe('9dfd03b533d5be0e09a61b3eb34b040e5755758365c49f92aa98c2acd0de117e');
  const again = await load(toBytes(saved), { with: [{ 'test/nearest-centroid': () => nearestCentroid() }] });
  expect(await again.predict([[2], [9]])).toEqual(['a', 'b']);
  await expect(
    nearestCentroid().fit({ x, y: ['a', 'a', 'b', 'b'] }, { epochs: 1_000_000, signal: AbortSignal.timeout(60) }),
  ).rejects.toThrow('stopped by its signal');
});
