/** The parts of the example, and its short form: a small share of the dictionary, where attention must be better than the table. */
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { expect, test } from 'vitest';
import { learnLetterToSound } from './letter-to-sound.ts';
import { pronounce, shortPlan } from './pronounce.ts';
import { pronouncedWords, splitWords } from './words.ts';

test('words without stress, plain ones alone', () => {
  const entries = { "can't": 'K AE1 N T', 'a(2)': 'EY1', dane: 'D EY1 N # name', 'x-ray': 'EH1 K S R EY2' };
  expect(pronouncedWords(16, entries)).toEqual([
    { word: "can't", phonemes: 'K AE N T' },
    { word: 'dane', phonemes: 'D EY N' },
  ]);
});

test('the split is a function of the seed', () => {
  const words = Array.from({ length: 40 }, (_, i) => ({ word: `w${i}`, phonemes: 'W' }));
  const { train, test: held } = splitWords(words, { share: 0.25, seed: 3, limit: 20 });
  expect([train.length, held.length]).toEqual([15, 5]);
  expect(new Set([...train, ...held]).size).toBe(20);
  expect(splitWords(words, { share: 0.25, seed: 3, limit: 20 }).test).toEqual(held);
  expect(splitWords(words, { share: 0.25, seed: 4, limit: 20 }).test).not.toEqual(held);
});

test('the table learns silent letters and letters of two sounds', () => {
  const table = learnLetterToSound([
    { word: 'box', phonemes: 'B AA K S' },
    { word: 'bone', phonemes: 'B OW N' },
    { word: 'tone', phonemes: 'T OW N' },
    { word: 'tax', phonemes: 'T AE K S' },
    { word: 'fax', phonemes: 'F AE K S' },
  ]);
  expect(table.pronounce('zone')).toBe('OW N');
  expect(table.pronounce('tax')).toBe('T AE K S');
});

test('attention is better than the table on words that neither has seen', { timeout: 300_000 }, async () => {
  const runtime = await createRuntime({ backends: [wasm()] });
  const { words: limit = 0, longest, epochs } = shortPlan;
  const words = splitWords(pronouncedWords(longest), { share: 0.05, seed: 7, limit });
  const { net, table, model } = await pronounce(words, { epochs, seed: 7, runtime });
  model.dispose();
  await runtime.dispose();
  expect(net).toBeLessThan(table);
});
