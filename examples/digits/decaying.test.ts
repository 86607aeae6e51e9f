import { sgd } from '@dendrite/optimizers';
import { expect, test } from 'vitest';
import { decaying } from './decaying.ts';

test('the rate falls in a straight line, from whole to nothing', () => {
  const optimizer = decaying(sgd({ learningRate: 0.5 }), 4);
  expect([1, 2, 3, 4, 5, 9].map((step) => optimizer.scalars(step, 0.5).learningRate)).toEqual([
    0.5, 0.375, 0.25, 0.125, 0, 0,
  ]);
  expect(decaying(sgd(), 0).scalars(1, 0.1).learningRate).toBe(0.1);
});

test('it stays the optimizer that a file names', () => {
  const plain = sgd({ learningRate: 0.5 });
  const { name, config, learningRate } = decaying(plain, 4);
  expect({ name, config, learningRate }).toEqual({ name: plain.name, config: plain.config, learningRate: 0.5 });
});
