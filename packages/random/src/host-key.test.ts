import { isDendriteError } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { forkWords } from './fork-words.ts';
import { hostKey, keyFromWords } from './host-key.ts';

describe('hostKey()', () => {
  test('the seed is the two words, high first', () => {
    expect(hostKey(0).words).toEqual([0, 0]);
    expect(hostKey(42).words).toEqual([0, 42]);
    expect(hostKey(2 ** 32).words).toEqual([1, 0]);
    expect(hostKey(2 ** 40 + 5).words).toEqual([256, 5]);
    expect(hostKey(Number.MAX_SAFE_INTEGER).words).toEqual([0x1fffff, 0xffffffff]);
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses the seed %d', (seed) => {
    expect(() => hostKey(seed)).toThrow(
      `hostKey(): the seed must be an integer from 0 to 9007199254740991, got ${seed}. Use a whole number such as 42, or fork a key by a name.`,
    );
  });

  test('a key is frozen plain data', () => {
    const key = keyFromWords([-1, 2 ** 32 + 3]);
    expect(key.words).toEqual([0xffffffff, 3]);
    expect(key['~dendrite']).toBe('host-key');
    expect(Object.isFrozen(key) && Object.isFrozen(key.words)).toBe(true);
  });
});

describe('fork()', () => {
  // Frozen: computed by this code and, apart from it, by a Python program written from the docstring.
  test.each([
    ['dropout', 0x84508520, 0x3d27275b],
    ['', 0xbb52ce84, 0xfd73cf36],
    ['1', 0xbe0179e5, 0x9f1cc567],
    [1, 0x17881cd1, 0x76e0e0c9],
    [0.5, 0x4cb42923, 0x84cbf77e],
  ])('hostKey(42).fork(%j) never changes', (label, a, b) => {
    expect(hostKey(42).fork(label).words).toEqual([a, b]);
  });

  test('no two of twenty thousand labels give one key', () => {
    const key = hostKey(3);
    const seen = new Set<string>();
    for (let i = 0; i < 5000; i++) {
      for (const label of [i, String(i), i + 0.5, `layer${i}.weights`]) seen.add(key.fork(label).words.join());
    }
    expect(seen.size).toBe(20_000);
  });

  test('labels that pad, swap or nest alike stay apart', () => {
    const labels = [
      '',
      '\0',
      '\0\0',
      '\0\0\0\0',
      'a',
      'a\0',
      '\0a',
      'ab',
      'ba',
      '\ud800',
      '\ud801',
      'é',
      'e\u0301',
      0,
      'NaN',
    ];
    const keys = labels.map((label) => hostKey(1).fork(label).words.join());
    keys.push(hostKey(1).fork('a').fork('b').words.join(), hostKey(1).fork('b').fork('a').words.join());
    expect(new Set(keys).size).toBe(labels.length + 2);
  });

  test('−0 is 0; what is not a finite number is refused', () => {
    expect(hostKey(1).fork(-0).words).toEqual(hostKey(1).fork(0).words);
    for (const label of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => forkWords([0, 0], label)).toThrow(
        `fork(): a label must be a string or a finite number, got ${label}.`,
      );
    }
    try {
      forkWords([0, 0], Number.NaN);
    } catch (error) {
      expect(isDendriteError(error, 'OPTION')).toBe(true);
    }
  });

  test('each bit of a key and of a label changes about half of the child’s bits', () => {
    const difference = (a: readonly [number, number], b: readonly [number, number]): number =>
      [a[0] ^ b[0], a[1] ^ b[1]].reduce((sum, x) => sum + (x >>> 0).toString(2).replaceAll('0', '').length, 0);
    let total = 0;
    for (let bit = 0; bit < 32; bit++) {
      total += difference(forkWords([0, 1], 'x'), forkWords([0, 1 ^ (1 << bit)], 'x'));
      total += difference(forkWords([0, 1], 5), forkWords([0, 1], 5 + 2 ** bit));
    }
    expect(total / 64).toBeGreaterThan(30);
    expect(total / 64).toBeLessThan(34);
  });
});
