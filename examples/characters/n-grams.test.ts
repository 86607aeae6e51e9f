import { expect, test } from 'vitest';
import { NGrams } from './n-grams.ts';

test('shares of all characters add up to 1, and what was seen is likely', () => {
  const grams = new NGrams('abracadabra', { order: 3 });
  const shares = [...'abrcd', 'z'].map((next) => grams.probability('ab', next));
  expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
  expect(Math.max(...shares)).toBe(shares[2]);
});

test('a longer order knows a regular text better; one of equal shares has log2 of their number', () => {
  const text = 'abcd'.repeat(50);
  expect(new NGrams(text, { order: 3 }).bitsPerCharacter(text)).toBeLessThan(
    new NGrams(text, { order: 1 }).bitsPerCharacter(text),
  );
  expect(new NGrams('ab', { order: 0 }).bitsPerCharacter('abba')).toBeCloseTo(Math.log2(3), 10);
});
