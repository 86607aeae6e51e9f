import { expect, test } from 'vitest';
import { EVIL, elementsOf, textsOf, unbalanced } from '../markup/markup.fixture.ts';
import { confusionMatrix } from './confusion-matrix.ts';

const matrix = {
  labels: ['cat', 'dog'],
  counts: [
    [8, 2],
    [0, 5],
  ],
};

test('shows each count, each recall, and who was taken for whom', () => {
  const svg = confusionMatrix(matrix);
  expect(textsOf(svg)).toEqual([
    'Confusion matrix',
    'predicted',
    'expected',
    'recall',
    'cat',
    'cat',
    'dog',
    'dog',
    '8',
    '2',
    '5',
    '80.0 %',
    '100.0 %',
  ]);
  expect(svg).toContain('<title>expected cat, predicted dog: 2 of 10 (20.0 %)</title>');
  expect(elementsOf(svg, 'svg')[0]?.['aria-label']).toBe(
    'Confusion matrix. 13 of 15 right; most frequent mistakes: cat taken for dog 2 times',
  );
  expect(unbalanced(svg)).toEqual([]);
});

test('shades are shares of the row: proportional where right, by the root where wrong', () => {
  const shades = elementsOf(confusionMatrix(matrix), 'rect').filter(
    ({ 'fill-opacity': shade }) => shade !== undefined && shade !== '0.07',
  );
  expect(shades.map(({ 'fill-opacity': shade }) => Number(shade))).toEqual([0.8, 0.5, 1]); // 0.1 + 0.9·√0.2 = 0.50
  expect(shades[0]?.class).toBe(shades[2]?.class);
  expect(shades[0]?.class).not.toBe(shades[1]?.class);
});

test('one in a thousand is still seen', () => {
  const svg = confusionMatrix({
    labels: [0, 1],
    counts: [
      [999, 1],
      [0, 0],
    ],
  });
  expect(elementsOf(svg, 'rect').some(({ 'fill-opacity': shade }) => shade === '0.13')).toBe(true);
  expect(textsOf(svg)).toContain('–'); // no recall without examples
});

test('cells are where their row and column say', () => {
  const grounds = elementsOf(confusionMatrix(matrix), 'rect').filter(({ 'fill-opacity': shade }) => shade === '0.07');
  const [a, b, c] = grounds.map(({ x, y }) => [Number(x), Number(y)]);
  expect(b?.[1]).toBe(a?.[1]);
  expect(c?.[0]).toBe(a?.[0]);
  expect((b?.[0] ?? 0) - (a?.[0] ?? 0)).toBe(Number(grounds[0]?.width) + 1);
});

test('a hundred labels: no numbers in tiny cells, still in the tips', () => {
  const labels = Array.from({ length: 100 }, (_, i) => i);
  const svg = confusionMatrix({ labels, counts: labels.map((i) => labels.map((j) => (i === j ? 7 : 0))) });
  expect(textsOf(svg)).not.toContain('700');
  expect(svg).toContain('expected 99, predicted 99: 7 of 7');
  expect(unbalanced(svg)).toEqual([]);
});

test('one label and none are matrices too; labels are escaped', () => {
  expect(textsOf(confusionMatrix({ labels: [EVIL], counts: [[1]] }))).toContain('100.0 %');
  expect(confusionMatrix({ labels: [EVIL], counts: [[1]] }, { title: EVIL })).not.toMatch(/<script|<img/);
  expect(unbalanced(confusionMatrix({ labels: [], counts: [] }))).toEqual([]);
});

test('what is no matrix of counts is refused', () => {
  expect(() => confusionMatrix({ labels: ['a', 'b'], counts: [[1, 2]] })).toThrow(
    'counts must be [2, 2] for 2 labels, got a length of 1.',
  );
  expect(() => confusionMatrix({ labels: ['a', 'b'], counts: [[1, 2], [1]] })).toThrow('got a length of 1');
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => confusionMatrix({ labels: ['a'], counts: [[bad]] })).toThrow(
      `counts must be finite and at least 0, got ${bad}`,
    );
  }
});
