import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { expect, test } from 'vitest';
import { learnAndCompare } from './forecast.ts';
import { madeUp } from './series.ts';

test('short: on a made-up cycle the forecaster is better than both baselines', async () => {
  const runtime = await createRuntime({ backends: [wasm()] });
  const before = runtime.live();
  const plan = { window: 24, horizon: 6, units: 12, epochs: 8, seed: 7 };
  const { comparison, example } = await learnAndCompare(madeUp(600, 7), plan, runtime);
  const { model, naive, seasonalNaive } = comparison;
  expect(model.mae).toBeLessThan(naive.mae);
  expect(model.mae).toBeLessThan(seasonalNaive?.mae ?? 0);
  expect(example.forecast).toHaveLength(6);
  expect(runtime.live()).toEqual(before);
}, 60_000);
