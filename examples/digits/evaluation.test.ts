import { arraySource } from '@dendrite/datasets';
import { expect, test } from 'vitest';
import { evaluation } from './evaluation.ts';

// Four pictures of 1 × 2; labels 4 and 9; the network is right on the first and the last.
const source = arraySource<number>({
  x: { data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), shape: [4, 1, 2, 1] },
  targets: [0, 1, 1, 1],
  labels: [4, 9],
});
const network = {
  labels: [4, 9],
  predictProbabilities: async () => ({
    data: Float32Array.from([0.75, 0.25, 0.625, 0.375, 0.875, 0.125, 0.25, 0.75]),
    shape: [4, 2] as const,
  }),
};

test('accuracy, matrix and the worst mistakes come from one set of answers', async () => {
  expect(await evaluation(network, source)).toEqual({
    accuracy: 0.5,
    images: 4,
    matrix: {
      labels: [4, 9],
      counts: [
        [1, 0],
        [2, 1],
      ],
    },
    mistakes: [
      { picture: Uint8Array.from([5, 6]), shape: [1, 2, 1], expected: 9, predicted: 4, certainty: 0.875, truth: 0.125 },
      { picture: Uint8Array.from([3, 4]), shape: [1, 2, 1], expected: 9, predicted: 4, certainty: 0.625, truth: 0.375 },
    ],
  });
});

test('only the worst are kept; without a mistake there is none', async () => {
  expect((await evaluation(network, source, 1)).mistakes.map(({ picture }) => [...picture])).toEqual([[5, 6]]);
  expect((await evaluation(network, source.select(Uint32Array.from([0])))).mistakes).toEqual([]);
});
