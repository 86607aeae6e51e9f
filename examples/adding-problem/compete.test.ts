import { wasm } from '@dendrite/backend-wasm';
import { createRuntime } from '@dendrite/core';
import { expect, test } from 'vitest';
import { addingData, alwaysOne } from './adding-data.ts';
import { compete } from './compete.ts';

test('each sequence has two marks, one in each half, and their numbers add up to its target', () => {
  const { x, y } = addingData(50, 9, 3);
  y.forEach((sum, row) => {
    const marked = Array.from({ length: 9 }, (_, t) => t).filter((t) => x.data[(row * 9 + t) * 2 + 1] === 1);
    expect(marked).toHaveLength(2);
    expect([(marked[0] ?? 9) < 4, (marked[1] ?? 0) >= 4]).toEqual([true, true]);
    expect(marked.reduce((all, t) => all + (x.data[(row * 9 + t) * 2] ?? 0), 0)).toBeCloseTo(sum, 5);
  });
  expect(alwaysOne({ x, y: [0, 2] })).toBe(1);
});

test('short: over ten steps the LSTM is far better than always saying 1', async () => {
  const runtime = await createRuntime({ backends: [wasm()] });
  const before = runtime.live();
  const { baseline, competitors } = await compete({ steps: 10, rows: 1000, epochs: 10, units: 16, seed: 7 }, runtime);
  const [plain, remembering] = competitors;
  expect(baseline).toBeGreaterThan(0.15);
  expect(remembering?.testError).toBeLessThan(baseline / 2);
  expect(plain?.norms.norms).toHaveLength(10);
  expect(runtime.live()).toEqual(before);
}, 60_000);
