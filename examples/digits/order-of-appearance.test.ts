import { arraySource } from '@dendrite/datasets';
import type { DataSource } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { inOrderOfAppearance } from './order-of-appearance.ts';

const source = (names: readonly number[], labels: readonly number[]): DataSource<number> =>
  arraySource<number>({
    x: { data: Uint8Array.from(names.keys()), shape: [names.length, 1, 1, 1] },
    targets: names.map((name) => labels.indexOf(name)),
    labels,
  });

test('renamed classes get the same numbers', async () => {
  const first = await inOrderOfAppearance({ train: source([5, 0, 5, 9], [0, 5, 9]), test: source([9, 0], [0, 5, 9]) });
  expect(first.train.labels).toEqual([5, 0, 9]);
  expect([[...first.train.targets()], [...first.test.targets()]]).toEqual([
    [0, 1, 0, 2],
    [2, 1],
  ]);
  // 5 → 7, 0 → 8, 9 → 1
  const renamed = await inOrderOfAppearance({
    train: source([7, 8, 7, 1], [1, 7, 8]),
    test: source([1, 8], [1, 7, 8]),
  });
  expect(renamed.train.labels).toEqual([7, 8, 1]);
  expect(renamed.train.targets()).toEqual(first.train.targets());
  expect(renamed.test.targets()).toEqual(first.test.targets());
  for await (const { x } of renamed.train.batches({ size: 4, epoch: 0 })) expect([...x.data]).toEqual([0, 1, 2, 3]);
});

test('a label that only the test part has comes last', async () => {
  const { train, test: held } = await inOrderOfAppearance({ train: source([4], [1, 4]), test: source([1, 4], [1, 4]) });
  expect([train.labels, [...held.targets()]]).toEqual([
    [4, 1],
    [1, 0],
  ]);
});
