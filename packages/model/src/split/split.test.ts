import { hostKey } from '@dendrite/random';
import { describe, expect, test } from 'vitest';
import { arraySource } from '../array-source/array-source.ts';
import { splitIndices, stratifiedSplit } from './split.ts';

describe('splitIndices()', () => {
  const key = hostKey(3);

  test('both parts ascending, together every row once, the size asked', () => {
    const { train, held } = splitIndices({ rows: 103, fraction: 0.2, key });
    expect(held.length).toBe(21);
    expect([...train, ...held].sort((a, b) => a - b)).toEqual(Array.from({ length: 103 }, (_, i) => i));
    expect([...held]).toEqual([...held].sort((a, b) => a - b));
    // Not simply the first or last rows.
    expect(held.some((row, i) => row !== i) && held[0] !== 82).toBe(true);
  });

  test('the key decides, and nothing else', () => {
    const held = (seed: number): string => splitIndices({ rows: 50, fraction: 0.3, key: hostKey(seed) }).held.join();
    expect(held(1)).toBe(held(1));
    expect(held(1)).not.toBe(held(2));
  });

  test('each class gives its share; the total is as asked', () => {
    // 60, 30 and 10 rows; a tenth is 6, 3 and 1.
    const codes = Array.from({ length: 100 }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2));
    const { held } = splitIndices({ rows: 100, fraction: 0.1, key, codes });
    const counts = [0, 0, 0];
    for (const row of held) counts[codes[row] as number] = (counts[codes[row] as number] ?? 0) + 1;
    expect(counts).toEqual([6, 3, 1]);
    // 7 classes of 3: 21 · 0.25 = 5.25, so 5 in all though every share rounds to 1.
    const sevens = Array.from({ length: 21 }, (_, i) => i % 7);
    expect(splitIndices({ rows: 21, fraction: 0.25, key, codes: sevens }).held.length).toBe(5);
  });

  test('no class is held out whole; codes without rows do no harm', () => {
    const codes = [0, 0, 0, 0, 0, 3];
    const { train } = splitIndices({ rows: 6, fraction: 0.6, key, codes });
    expect(train).toContain(5);
  });

  test.each([0, 1, -0.1, 2, Number.NaN])('refuses the fraction %d', (fraction) => {
    expect(() => splitIndices({ rows: 10, fraction, key, where: 'fit()' })).toThrow(
      `fit(): the fraction to hold out must be above 0 and below 1, got ${fraction}.`,
    );
  });
  test('refuses to leave a part empty', () => {
    expect(() => splitIndices({ rows: 2, fraction: 0.1, key })).toThrow(
      'holding out 0.1 of 2 rows must leave rows in both parts, got 2 to train on and 0 held out',
    );
    expect(() => splitIndices({ rows: 1, fraction: 0.9, key })).toThrow('got 0 to train on and 1 held out');
  });
});

test('stratifiedSplit(): sources that share the bytes', () => {
  const source = arraySource({
    x: { data: Float32Array.from({ length: 20 }, (_, i) => i), shape: [20, 1] },
    targets: Array.from({ length: 20 }, (_, i) => i % 2),
    labels: ['a', 'b'],
  });
  const { train, test: rest } = stratifiedSplit(source, { fraction: 0.2, seed: 4 });
  expect([train.rows, rest.rows]).toEqual([16, 4]);
  expect([...rest.targets()].sort()).toEqual([0, 0, 1, 1]);
  expect(stratifiedSplit(source, { fraction: 0.2, seed: 4 }).test.targets()).toEqual(rest.targets());
});
