import { expect, test } from 'vitest';
import { interleave, median } from './interleave.ts';

test('the median of odd, even and no counts', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test('contestants take turns, each with its own rounds, after warming up', async () => {
  const order: string[] = [];
  const timings = await interleave(
    [
      { name: 'a', units: 1, warmUp: 1, run: () => order.push('a') },
      { name: 'b', units: 2, warmUp: 0, rounds: 1, run: async () => order.push('b') },
    ],
    2,
  );
  expect(order).toEqual(['a', 'a', 'b', 'a']);
  expect(timings.map(({ name, rounds }) => [name, rounds])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});
