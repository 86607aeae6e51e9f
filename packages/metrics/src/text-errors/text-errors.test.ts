import { expect, test } from 'vitest';
import { bleu, corpusBleu } from '../bleu/bleu.ts';
import { measure } from '../part/part.fixture.ts';
import { editDistance } from './edit-distance.ts';
import { characterErrorRate, wordErrorRate } from './error-rates.ts';

test.each<[string, string, number]>([
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['', '', 0],
  ['flaw', 'lawn', 2],
  ['a👍b', 'a👎b', 1],
])('from %j to %j it is %i edits', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
  expect(editDistance(to, from)).toBe(distance);
});

test('lists: phonemes, codes', () => {
  expect(editDistance(['HH', 'AH', 'L', 'OW'], ['HH', 'EH', 'L', 'OW'])).toBe(1);
  expect(editDistance([1, 2, 3], [3, 2, 1])).toBe(2);
});

test('error rates weigh by length, and refuse what is no text', () => {
  const part = { expected: ['the cat sat', 'yes'], predicted: ['the bat', 'yes'] };
  expect(measure(wordErrorRate, part)).toBe(2 / 4);
  expect(measure(characterErrorRate, part)).toBe(5 / 14);
  expect(measure(wordErrorRate, { ...part, sampleWeight: [1, 3] })).toBe(2 / 6);
  expect(() => measure(wordErrorRate, { expected: [''], predicted: ['a'] })).toThrow(
    'there must be at least one example',
  );
  expect(() => measure(wordErrorRate, { expected: ['a'], predicted: [1] })).toThrow(
    'wordErrorRate: expected and predicted must be texts, got 1 (number) at 0. Join the parts of a sequence with spaces.',
  );
});

test('BLEU by hand', () => {
  // 1-grams: 2 of 7 (clipped: "the" is twice in the reference), as in the paper's second example.
  const same = { expected: ['the cat is on the mat'], predicted: ['the the the the the the the'] };
  expect(measure(bleu({ order: 1 }), same)).toBeCloseTo(2 / 7, 15);
  // 5 of 6 words, 3 of 5 pairs, same length.
  const near = { expected: ['the cat sat on the mat'], predicted: ['the cat sat on a mat'] };
  expect(measure(bleu({ order: 2 }), near)).toBeCloseTo(Math.sqrt((5 / 6) * (3 / 5)), 15);
  // 3 of 3, 2 of 2, 1 of 1, no phrase of 4; 6 words were expected.
  const short = { expected: ['the cat sat on the mat'], predicted: ['the cat sat'] };
  expect(measure(bleu(), short)).toBeCloseTo(Math.exp(1 - 6 / 3), 15);
  expect(measure(bleu(), { expected: ['a b c d'], predicted: ['w x y z'] })).toBe(0);
  expect(measure(bleu(), { expected: ['a b'], predicted: [''] })).toBe(0);
  expect(measure(bleu({ smoothing: 1 }), { expected: ['a b c d e'], predicted: ['a b c d x'] })).toBeCloseTo(
    ((4 / 5) * (4 / 5) * (3 / 4) * (2 / 3)) ** 0.25,
    15,
  );
});

test('the corpus is scored as one, each sentence by the reference that fits', () => {
  const references = [['it is a guide to action', 'it is the guide'], 'yes it is'];
  expect(corpusBleu(['it is the guide', 'yes it is'], references)).toBe(1);
  expect(corpusBleu(['it is the guide'], ['it is the guide'], { order: 4 })).toBe(1);
  expect(() => corpusBleu(['a'], [])).toThrow('got 1 predictions and 0 references');
  expect(() => bleu({ order: 0 })).toThrow('order must be a whole number of at least 1');
});
