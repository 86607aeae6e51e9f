import { arraySource } from '@dendrite/model';
import { expect, test } from 'vitest';
import { takePerClass } from './take-per-class.ts';

// 60 of one class, then 30, then 10: sorted, as files often are.
const targets = Array.from({ length: 100 }, (_, i) => (i < 60 ? 0 : i < 90 ? 1 : 2));
const source = arraySource({
  x: { data: Uint8Array.from(targets.keys()), shape: [100, 1] },
  targets,
  labels: ['a', 'b', 'c'],
});
const counts = (codes: ArrayLike<number>): number[] =>
  [0, 1, 2].map((code) => Array.from(codes).filter((each) => each === code).length);

test('each class gives its share, to the row', () => {
  expect(counts(takePerClass(source, 50).targets())).toEqual([30, 15, 5]);
  expect(counts(takePerClass(source, 10, 3).targets())).toEqual([6, 3, 1]);
  for (const count of [1, 2, 3, 7, 33, 99, 100, 1000]) {
    expect(takePerClass(source, count, 3).rows).toBe(Math.min(count, 100));
  }
});

test('the seed decides; rows come once and in their order', async () => {
  const rows = async (seed: number): Promise<number[]> => {
    for await (const { x } of takePerClass(source, 40, seed).batches({ size: 40, epoch: 0 })) return [...x.data];
    return [];
  };
  expect(await rows(1)).toEqual(await rows(1));
  expect(await rows(1)).not.toEqual(await rows(2));
  const taken = await rows(1);
  expect([...new Set(taken)].sort((a, b) => a - b)).toEqual(taken);
});

test('wrong counts teach', () => {
  for (const count of [0, -1, 1.5, Number.NaN]) {
    expect(() => takePerClass(source, count)).toThrowError(`count must be a positive integer, got ${count}`);
  }
});
