import { createRuntime, stepScalars } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { accumulated, adam, averaged, lossScaled, sgd } from '../index.ts';

const runtime = await createRuntime();

test('an adaptive scale grows after good steps and shrinks at once, down to 1', async () => {
  const optimizer = lossScaled(sgd({ learningRate: 1 }), { scale: 4, every: 2, growth: 8, backoff: 0.25 });
  let params: Tensor = runtime.tensor([0]);
  let state = optimizer.init(params);
  const scales: number[] = [];
  for (const [i, proceed] of [1, 1, 1, 0, 0, 0, 0, 1, 1].entries()) {
    const scalars = stepScalars(runtime, { ...optimizer.scalars(i + 1, 1), proceed });
    const gradient = runtime.tensor([proceed === 1 ? await state.scale.item() : Number.NaN]);
    ({ params, state } = optimizer.update(params, gradient, state, scalars));
    scales.push(await state.scale.item());
  }
  expect(scales).toEqual([4, 32, 32, 8, 2, 1, 1, 1, 8]);
  // Five steps along a gradient of 1: those that were left out moved nothing.
  expect(await params.item()).toBe(-5);
});

test('a fixed scale stays; wrappers inside and outside hand it on', async () => {
  const optimizer = averaged(lossScaled(accumulated(adam(), { batches: 2 }), { scale: 8 }));
  const state = optimizer.init({ w: runtime.tensor([1]) });
  expect(await optimizer.lossScale?.(state).scale.item()).toBe(8);
  expect(optimizer.lossScale?.(state).adapts).toBe(false);
  expect(optimizer.evaluated).toBeDefined();
});

test('what cannot be is refused', () => {
  expect(() => lossScaled(lossScaled(adam()))).toThrow('its optimizer must not scale already');
  expect(() => averaged(averaged(adam()))).toThrow('its optimizer must not average already');
  expect(() => lossScaled(adam(), { scale: 0.5 })).toThrow('scale must be a finite number of at least 1, got 0.5');
  expect(() => lossScaled(adam()).init({})).toThrow('there must be a parameter to learn, got none');
  expect(() => accumulated(adam(), { batches: 0 })).toThrow('batches must be a whole number of at least 1, got 0');
  expect(() => averaged(adam(), { decay: 1 })).toThrow('decay must lie in [0, 1), got 1');
});
