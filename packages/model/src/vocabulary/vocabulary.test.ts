import { expect, test } from 'vitest';
import { learnVocabulary, specialCodes, type TokenLevel, vocabularyFrom, vocabularyJson } from './vocabulary.ts';

test('the most frequent come first, equals by code point, whatever the order of the texts', () => {
  const texts = ['b a', 'a c b', 'd b'];
  const { tokens, size } = learnVocabulary(texts);
  expect(tokens).toEqual(['b', 'a', 'c', 'd']);
  expect(size).toBe(8);
  expect(learnVocabulary(texts.toReversed()).tokens).toEqual(tokens);
  expect(learnVocabulary(texts, { most: 2 }).tokens).toEqual(['b', 'a']);
  expect(learnVocabulary(texts, { atLeast: 2 }).tokens).toEqual(['b', 'a']);
});

test.each<[TokenLevel, string, readonly string[], string]>([
  ['characters', 'aé👍 b', ['a', 'é', '👍', ' ', 'b'], 'aé👍 b'],
  ['words', "It's 3 o'clock, naïve!", ["It's", '3', "o'clock", ',', 'naïve', '!'], "It's 3 o'clock , naïve !"],
  ['spaces', ' HH AH0\tL ', ['HH', 'AH0', 'L'], 'HH AH0 L'],
  ['words', '', [], ''],
])('%s of %j', (level, text, tokens, again) => {
  const vocabulary = learnVocabulary([text], { level });
  expect(vocabulary.split(text)).toEqual(tokens);
  expect(vocabulary.decode(vocabulary.encode(text))).toBe(again);
});

test('unknown tokens, begin, end and padding', () => {
  const { padding, unknown, begin, end } = specialCodes;
  const vocabulary = learnVocabulary(['yes no'], { level: 'spaces' });
  expect(vocabulary.encode('yes maybe')).toEqual([5, unknown]);
  expect(vocabulary.decode([begin, 4, unknown, 5, end, 4])).toBe('no � yes');
  expect(vocabulary.decode([4, padding, 5])).toBe('no');
});

test('a file holds it, and a damaged one is refused', () => {
  const vocabulary = learnVocabulary(['__proto__ constructor 0'], { level: 'spaces' });
  const again = vocabularyFrom(JSON.parse(JSON.stringify(vocabularyJson(vocabulary))));
  expect(again.encode('constructor __proto__ toString')).toEqual(vocabulary.encode('constructor __proto__ x'));
  for (const wrong of [
    null,
    1,
    {},
    { level: 'toString', tokens: [] },
    { level: 'words', tokens: ['a', 'a'] },
    { level: 'words', tokens: [1] },
  ])
    expect(() => vocabularyFrom(wrong as never)).toThrow(expect.objectContaining({ code: 'FORMAT' }));
});
