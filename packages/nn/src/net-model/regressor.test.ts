import { createRuntime, tanh } from '@dendrite/core';
import { r2 } from '@dendrite/metrics';
import { load, toBytes } from '@dendrite/model';
import { adam } from '@dendrite/optimizers';
import type { Runtime } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dense, nnLayers, regressor, sequential } from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());

const x = Array.from({ length: 120 }, (_, i) => [i / 20]);
const y = x.map(([each = 0]) => 5000 + 300 * Math.sin(each));

test('learns numbers of any size, and reports the loss in their own units', async () => {
  const model = regressor(sequential(dense(16), tanh, dense(1)), {
    optimizer: adam({ learningRate: 0.02 }),
    batchSize: 24,
  });
  const fitted = await model.fit({ x, y }, { epochs: 80, runtime, validation: 0.2 });
  expect((await fitted.evaluate({ x, y }, { r2 })).r2).toBeGreaterThan(0.95);
  const predicted = await fitted.predict(x);
  const error = predicted.reduce((sum, each, i) => sum + (each - (y[i] ?? 0)) ** 2, 0) / y.length;
  const { loss = 0, 'validation.loss': held = 0 } = fitted.history.at(-1)?.metrics ?? {};
  expect(loss / error).toBeGreaterThan(0.3);
  expect(loss / error).toBeLessThan(3);
  expect(held / error).toBeLessThan(10);
  const again = await load(toBytes(await fitted.save()), { with: [nnLayers], runtime });
  expect(await again.predict(x)).toEqual(predicted);
  fitted.dispose();
  again.dispose();
  expect(runtime.live().tensors).toBe(0);
});

test('targets that are all alike are learned at once', async () => {
  const fitted = await regressor(dense(1), { optimizer: adam({ learningRate: 0.02 }) }).fit(
    { x, y: x.map(() => 7) },
    { epochs: 40, runtime, batchSize: 8 },
  );
  expect((await fitted.predict([[1]]))[0]).toBeCloseTo(7, 1);
});

test('one output is asked for', async () => {
  await expect(regressor(dense(2)).fit({ x, y }, { runtime })).rejects.toThrow(
    'regressor(): its layer must give one output, got the shape [1, 2] for one example. End it with dense(1).',
  );
  expect(runtime.live().tensors).toBe(0);
});
