import { hostKey, uniforms } from '@dendrite/random';
import { expect, test } from 'vitest';
import { type SampleOptions, sampleToken } from './sample-token.ts';

/** Shares of 20,000 draws. */
function shares(logits: readonly number[], options: SampleOptions): number[] {
  const counts = logits.map(() => 0);
  for (const u of uniforms(hostKey(1), 20_000)) {
    const code = sampleToken(logits, u, options);
    counts[code] = (counts[code] ?? 0) + 1 / 20_000;
  }
  return counts;
}

test('draws by the softmax of logits over temperature', () => {
  const logits = [0, Math.log(3), Number.NEGATIVE_INFINITY, Math.log(6)];
  const near = (all: readonly number[]) => all.map((each) => expect.closeTo(each, 1.5));
  expect(shares(logits, {})).toEqual(near([0.1, 0.3, 0, 0.6]));
  expect(shares(logits, { temperature: 0.5 })).toEqual(near([1 / 46, 9 / 46, 0, 36 / 46]));
  expect(shares(logits, { topK: 2 })).toEqual(near([0, 1 / 3, 0, 2 / 3]));
  expect(shares([1, 1, 1, 1], { topK: 2 })).toEqual(near([0.5, 0.5, 0, 0]));
});

test('the likeliest at temperature 0, the first of equals', () => {
  expect(sampleToken([1, 5, 5], 0.99, { temperature: 0 })).toBe(1);
  expect(sampleToken([1, 5, 2], 0.99, { topK: 1 })).toBe(1);
  expect(sampleToken([1, Number.POSITIVE_INFINITY], 0, {})).toBe(1);
  expect(sampleToken([3], 0.5)).toBe(0);
});

test.each<[() => unknown, string, string]>([
  [
    () => sampleToken([1], 0, { temperature: -1 }),
    'OPTION',
    'temperature must be a finite number of at least 0, got -1',
  ],
  [() => sampleToken([1], 0, { topK: 0 }), 'OPTION', 'topK must be at least 1, got 0'],
  [() => sampleToken([0, Number.NaN], 0), 'NUMERIC', 'got NaN for code 1'],
  [() => sampleToken([], 0), 'NUMERIC', 'one above −∞, got none'],
])('teaches by its error %#', (run, code, message) => {
  expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});
