import { expect, test } from 'vitest';
import { measure } from '../part/part.fixture.ts';
import { topK } from './top-k.ts';

const part = {
  labels: ['a', 'b', 'c'],
  expected: ['c', 'b', 'a', 'c'],
  predicted: ['a', 'a', 'a', 'c'],
  probabilities: {
    shape: [4, 3] as const,
    data: Float32Array.of(0.5, 0.3, 0.2, 0.4, 0.4, 0.2, 0.6, 0.3, 0.1, 0, 0, 1),
  },
};

test('counts labels that rank before the expected one; of equals the first ranks first', () => {
  expect(measure(topK(1), part)).toBe(0.5);
  expect(measure(topK(2), part)).toBe(0.75);
  expect(measure(topK(3), part)).toBe(1);
  expect(measure(topK(9), part)).toBe(1);
});

test('a NaN probability makes it NaN, wherever it stands', () => {
  for (let place = 0; place < 12; place++) {
    const data = part.probabilities.data.with(place, Number.NaN);
    expect(measure(topK(3), { ...part, probabilities: { ...part.probabilities, data } })).toBeNaN();
  }
});

test.each([0, 1.5, -1, Number.NaN])('k = %d is refused', (k) => {
  expect(() => topK(k)).toThrow(`topK(): k must be a whole number from 1, got ${k}. Usual are 1, 3 and 5.`);
});

test('needs probabilities of these rows and labels', () => {
  const { probabilities: _, ...without } = part;
  expect(() => measure(topK(2), without)).toThrow(
    'top2: probabilities and labels must be there, got no probabilities.',
  );
  expect(() => measure(topK(2), { ...part, labels: ['a', 'b'] })).toThrow(
    '[examples, labels] = [4, 2], got [4, 3] with 12 numbers',
  );
  expect(() => measure(topK(2), { ...part, expected: ['a', 'x', 'b', 'c'] })).toThrow(
    'top2: each label must be one of 3 ("a", "b", "c"), got "x". Evaluate on labels that the model was trained on.',
  );
});
