import { arraySource } from '@dendrite/model';
import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { kFold } from './k-fold.ts';

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const regression = (n: number) => arraySource({ x: { data: new Float32Array(n), shape: [n, 1] }, targets: numbers(n) });

test('every row is held out exactly once, and trained on in all other folds', () => {
  const folds = kFold(regression(11), { folds: 3 });
  expect(folds.map(({ test: held }) => held.rows)).toEqual([4, 4, 3]);
  expect(folds.flatMap(({ test: held }) => [...held.targets()]).sort((a, b) => a - b)).toEqual(numbers(11));
  for (const { train, test: held } of folds) {
    expect([...train.targets(), ...held.targets()].sort((a, b) => a - b)).toEqual(numbers(11));
  }
});

test('each class is dealt evenly', () => {
  const targets = numbers(20).map((i) => (i < 15 ? 0 : 1)); // 15 and 5
  const source = arraySource({ x: { data: new Float32Array(20), shape: [20, 1] }, targets, labels: ['a', 'b'] });
  const held = kFold(source).map(({ test: part }) => [...part.targets()].reduce((a, b) => a + b, 0));
  expect(held).toEqual([1, 1, 1, 1, 1]);
});

test('the seed decides, and leave-one-out is the largest number of folds', () => {
  const first = (seed: number): number[] => [...(kFold(regression(50), { seed })[0]?.test.targets() ?? [])];
  expect(first(1)).toEqual(first(1));
  expect(first(1)).not.toEqual(first(2));
  expect(kFold(regression(3), { folds: 3 }).map(({ test: held }) => held.rows)).toEqual([1, 1, 1]);
  for (const folds of [1, 4, 2.5, Number.NaN]) {
    expect(() => kFold(regression(3), { folds })).toThrowError(
      'folds must be an integer from 2 to the number of rows (3)',
    );
  }
  try {
    kFold(regression(3), { folds: 0 });
  } catch (error) {
    expect(isDendriteError(error, 'OPTION')).toBe(true);
  }
});
