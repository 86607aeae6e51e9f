import { describe, expect, test } from 'vitest';
import { hostKey } from './host-key.ts';
import { choice, integers, permutation } from './permutation.ts';

describe('permutation()', () => {
  test('never changes', () => {
    expect([...permutation(hostKey(42), 10)]).toEqual([3, 5, 9, 2, 6, 1, 4, 7, 8, 0]);
  });

  test.each([0, 1, 2, 3, 5, 33, 1000])('holds each of %i numbers once', (n) => {
    expect([...permutation(hostKey(n), n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  test('all 24 orders of four are equally likely', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 24_000; seed++) {
      const order = permutation(hostKey(seed), 4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7); // 23 degrees of freedom, p = 0.001
  });

  test('refuses a length that is no whole number', () => {
    expect(() => permutation(hostKey(0), 2.5)).toThrow(
      'permutation(): the length must be an integer from 0 to 4294967295, got 2.5.',
    );
  });
});

describe('choice()', () => {
  test('is the beginning of the permutation', () => {
    expect([...choice(hostKey(9), 50, 7)]).toEqual([...permutation(hostKey(9), 50)].slice(0, 7));
    expect(choice(hostKey(9), 3, 0)).toHaveLength(0);
  });

  test('cannot choose more than there are', () => {
    expect(() => choice(hostKey(0), 3, 4)).toThrow(
      'choice(): the count (from 3, without replacement) must be an integer from 0 to 3, got 4.',
    );
  });
});

describe('integers()', () => {
  test('are below the bound and evenly spread, also where 2³² is no multiple of it', () => {
    const counts = new Array<number>(6).fill(0);
    for (const value of integers(hostKey(1), 60_000, 6)) counts[value] = (counts[value] ?? 0) + 1;
    expect(counts).toHaveLength(6);
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(20.5); // 5 degrees of freedom, p = 0.001
  });

  test('are unbiased for a bound of ¾ · 2³², where the remainder alone would double a third of them', () => {
    const bound = 3 * 2 ** 30;
    const low = integers(hostKey(2), 30_000, bound).filter((value) => value < 2 ** 30).length;
    expect(Math.abs(low / 30_000 - 1 / 3)).toBeLessThan(0.01);
  });

  test('a bound of 1 gives zeros, of 2³² whole words, of 0 an error', () => {
    expect([...integers(hostKey(2), 3, 1)]).toEqual([0, 0, 0]);
    expect([...integers(hostKey(42), 3, 2 ** 32)]).toEqual([0x6d3e048f, 0x1022172d, 0x19a3f86f]);
    expect(() => integers(hostKey(2), 3, 0)).toThrow('integers(): the bound must be at least 1, got 0.');
  });
});
