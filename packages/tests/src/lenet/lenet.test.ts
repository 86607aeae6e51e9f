/** LeNet-5 takes the same course on every backend. */
import { cpu, createRuntime } from '@dendrite/core';
import { expect, test } from 'vitest';
import { openRuntime } from '../reference/machine.ts';
import { drawnDigits, lenetCourse } from './lenet-losses.ts';

const digits = drawnDigits(120);
// Small batches: a software adapter takes a second for sixteen images.
const plan = { steps: 30, batch: 4 };
const reference = await createRuntime({ backends: [cpu()] });
const course = await lenetCourse(reference, digits, plan);

test('the loss falls', () => {
  const [first = 0] = course.losses;
  const last = course.losses.at(-1) ?? first;
  expect(first).toBeGreaterThan(2);
  expect(last).toBeLessThan(first / 2);
});

test('the same seed gives the same weights, bit for bit; another seed others; nothing is left', async () => {
  const before = reference.live();
  const again = await lenetCourse(reference, digits, plan);
  expect(again.losses).toEqual(course.losses);
  for (const [path, values] of course.weights) expect(again.weights.get(path), path).toEqual(values);
  const other = await lenetCourse(reference, digits, { ...plan, steps: 1, seed: 2 });
  expect(other.losses[0]).not.toBe(course.losses[0]);
  expect(reference.live()).toEqual(before);
});

test.each(['wasm', 'tfjs-wasm', 'tfjs-webgpu'] as const)(
  'the losses of 30 steps on %s are those of cpu, and the same twice',
  { timeout: 300_000 },
  async (name) => {
    const runtime = await openRuntime(name);
    const before = runtime.live();
    const first = await lenetCourse(runtime, digits, plan);
    for (const [step, loss] of course.losses.entries())
      expect(Math.abs((first.losses[step] ?? Number.NaN) - loss), `step ${step + 1}`).toBeLessThan(1e-4);
    const short = { ...plan, steps: 3 };
    const [a, b] = [await lenetCourse(runtime, digits, short), await lenetCourse(runtime, digits, short)];
    for (const [path, values] of a.weights) expect(b.weights.get(path), path).toEqual(values);
    expect(runtime.live()).toEqual(before);
    await runtime.dispose();
  },
);
