import type { ProgressEvent } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { reportPage } from './report-page.ts';

const event = (done: number, loss: number, accuracy: number): ProgressEvent => ({
  unit: 'batch',
  done,
  of: 3,
  seconds: done / 2,
  examples: 32 * done,
  metrics: { loss, accuracy },
});
const evaluation = {
  accuracy: 0.75,
  images: 4,
  matrix: {
    labels: [0, 1],
    counts: [
      [2, 0],
      [1, 1],
    ],
  },
  mistakes: [
    { picture: new Uint8Array(4), shape: [2, 2, 1], expected: 1, predicted: 0, certainty: 0.9, truth: 0.1 },
    { picture: new Uint8Array(8), shape: [2, 2, 2], expected: 1, predicted: 0, certainty: 0.9, truth: 0.1 },
  ],
};
const facts = {
  title: 'Digits from <folder>',
  backend: 'cpu',
  images: 96,
  epochs: 1,
  batchSize: 32,
  seed: 7,
  randomLabels: false,
  events: [event(1, 2.3, 0.1), event(2, 1.5, 0.5), event(3, 0.9, 0.75)],
  trained: { ...evaluation, accuracy: 1 },
  tested: evaluation,
};

test('curves, matrix, pictures and the gap are on one page that needs nothing else', () => {
  const html = reportPage(facts);
  expect(html).toMatch(/^<!doctype html>/i);
  expect(html).toContain('Digits from &lt;folder&gt;');
  expect(html).toContain('a gap of 25.0 points');
  expect(html.match(/<svg/g)?.length).toBe(4);
  expect(html.match(/data:image\/png/g)?.length).toBe(2);
  expect(html).not.toMatch(/<script|src="http/);
  expect(html).not.toContain('random');
});

test('random labels are said; no mistake is said', () => {
  const html = reportPage({ ...facts, randomLabels: true, tested: { ...evaluation, mistakes: [] } });
  expect(html).toContain('The training labels are random');
  expect(html).toContain('There is none.');
});
