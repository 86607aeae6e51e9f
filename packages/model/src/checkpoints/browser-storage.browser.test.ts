/** The browser's storage keeps checkpoints, and a run goes on from them. */
import { expect, test } from 'vitest';
import { nearestCentroid } from '../define-model/nearest-centroid.fixture.ts';
import { browserStorage } from './browser-storage.ts';

test('keeps bytes by folder and name', async () => {
  const [store, other] = [browserStorage('runs/a'), browserStorage('runs/b')];
  await store.write('one', new Uint8Array([1, 2]));
  await store.write('one', new Uint8Array([3]));
  await other.write('two', new Uint8Array([4]));
  expect(await store.list()).toEqual(['one']);
  expect(await store.read('one')).toEqual(new Uint8Array([3]));
  expect(await store.read('two')).toBeUndefined();
  await store.remove('one');
  await store.remove('one');
  await other.remove('two');
  expect(await store.list()).toEqual([]);
});

test('a run that was aborted goes on', async () => {
  const data = { x: [[0], [1], [10], [11]], y: ['a', 'a', 'b', 'b'] };
  const store = browserStorage('runs/c');
  const controller = new AbortController();
  const options = { epochs: 5, checkpoint: { store } };
  const stopAtThree = ({ done }: { readonly done: number }): void => void (done === 3 && controller.abort());
  await expect(
    nearestCentroid().fit(data, { ...options, signal: controller.signal, onProgress: stopAtThree }),
  ).rejects.toMatchObject({ code: 'ABORTED' });
  const [whole, resumed] = [
    await nearestCentroid().fit(data, { epochs: 5 }),
    await nearestCentroid().fit(data, options),
  ];
  expect(resumed.centroids()).toEqual(whole.centroids());
  expect(await store.list()).toHaveLength(2);
  for (const name of await store.list()) await store.remove(name);
});
