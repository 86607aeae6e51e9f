import { arraySource } from '@dendrite/datasets';
import { expect, test } from 'vitest';
import { withRandomLabels } from './random-labels.ts';

const rows = 400;
const truth = Array.from({ length: rows }, (_, i) => (i * i + 3 * i) % 4);
const images = Uint8Array.from({ length: rows }, (_, i) => i % 251);
const source = arraySource<number>({
  x: { data: images, shape: [rows, 1, 1, 1] },
  targets: truth,
  labels: [3, 5, 8, 9],
});

test('labels are balanced within each class, images and label names stay', async () => {
  const random = await withRandomLabels(source, 1);
  expect([random.rows, random.labels]).toEqual([rows, [3, 5, 8, 9]]);
  const targets = random.targets();
  for (let code = 0; code < 4; code++) {
    const members = truth.flatMap((label, row) => (label === code ? [targets[row]] : []));
    const counts = [0, 1, 2, 3].map((label) => members.filter((each) => each === label).length);
    // A round may begin in one class and end in the next.
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  }
  for await (const { x } of random.batches({ size: rows, epoch: 0 })) expect(x.data).toEqual(images);
});

test('the seed decides', async () => {
  const deal = async (seed: number): Promise<number[]> => [...(await withRandomLabels(source, seed)).targets()];
  expect(await deal(1)).toEqual(await deal(1));
  expect(await deal(1)).not.toEqual(await deal(2));
  expect(await deal(1)).not.toEqual(truth);
});
