import { createRuntime, tanh } from '@dendrite/core';
import { sgd } from '@dendrite/optimizers';
import { expect, test } from 'vitest';
import { classifier, dense, findLearningRate, regressor, sequential } from '../index.ts';

const runtime = await createRuntime();
const x = Array.from({ length: 64 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const data = { x, y: x.map(([a = 0, b = 0]) => (a + b > 0 ? 'above' : 'below')) };

test('rates grow by one factor; the suggested one lies where the loss falls, before it explodes', async () => {
  const found = await findLearningRate(
    (optimizer) => classifier(sequential(dense(8), tanh, dense(2)), { optimizer }),
    data,
    { optimizer: sgd({ momentum: 0.9 }), from: 1e-4, to: 1e4, steps: 80, batchSize: 16, seed: 1, runtime },
  );
  const { rates, losses, smoothed, suggested = 0 } = found;
  expect([losses.length, smoothed.length]).toEqual([rates.length, rates.length]);
  expect(rates[0]).toBe(1e-4);
  expect((rates[11] ?? 0) / (rates[10] ?? 1)).toBeCloseTo(1e8 ** (1 / 79), 10);
  expect(suggested).toBeGreaterThan(0.003);
  expect(suggested).toBeLessThan(3);
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
  const trained = await classifier(sequential(dense(8), tanh, dense(2)), {
    optimizer: sgd({ momentum: 0.9, learningRate: suggested }),
  }).fit(data, { epochs: 20, runtime, seed: 1 });
  expect(trained.history.at(-1)?.metrics.accuracy).toBeGreaterThan(0.9);
  trained.dispose();
});

test('it ends where the loss is no number, and serves regressors', async () => {
  const targets = { x, y: x.map(([a = 0]) => 3 * a) };
  const found = await findLearningRate(
    (optimizer) => regressor(sequential(dense(8), dense(1)), { optimizer }),
    targets,
    {
      optimizer: sgd(),
      from: 1e-3,
      to: 1e30,
      runtime,
    },
  );
  expect(found.losses.length).toBeLessThan(100);
  expect(found.losses.every(Number.isFinite)).toBe(true);
});

test('wrong ranges are refused; mistakes of the model are its own', async () => {
  const make = () => classifier(dense(2));
  await expect(findLearningRate(make, data, { from: 1, to: 0.1 })).rejects.toThrow('got 1, 0.1 and 100');
  await expect(findLearningRate(() => classifier(dense(3)), data)).rejects.toThrow(
    'one output for each of the 2 labels',
  );
});
