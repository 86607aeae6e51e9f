/** A rehearsal counts what the real thing takes, and computes nothing. */
import type { Runtime, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import {
  compile,
  createRuntime,
  exp,
  matmul,
  mean,
  mul,
  nullBackend,
  rehearse,
  sub,
  tanh,
  valueAndGrad,
} from '../index.ts';

const step = (runtime: Runtime, hidden: number) => {
  const run = compile(
    ({ w }: { readonly w: Tensor }, { x }: { readonly x: Tensor }, { rate }) => {
      const { gradients, value } = valueAndGrad((v: Tensor) => mean(exp(tanh(matmul(x, v)))))(w);
      return { state: { w: sub(w, mul(gradients, rate ?? 0)) }, out: { value } };
    },
    { replay: true },
  );
  let state = { w: runtime.tensor(new Float32Array(12 * hidden), [12, hidden]) };
  const x = runtime.tensor(new Float32Array(60), [5, 12]);
  return (): Tensor => {
    const made = run(state, { x }, { rate: 0.1 });
    state = made.state;
    return made.out.value;
  };
};

test.each([1, 7, 64])('memory at its peak is that of the device, %i wide', async (hidden) => {
  const real = await createRuntime();
  const rehearsal = rehearse(real);
  for (const runtime of [real, rehearsal.runtime]) {
    const next = step(runtime, hidden);
    for (let i = 0; i < 4; i++) next().dispose();
  }
  expect(rehearsal.peak).toBe(real.device.memory().peak);
  expect(rehearsal.peak).toBeGreaterThan(4 * 12 * hidden);
  expect(rehearsal.largest).toBeGreaterThanOrEqual(4 * 12 * hidden);
});

test('flops are those of the formulas: two products of 2 · 5 · 12 · 7, and what is done to each element', async () => {
  const { flops, runtime } = rehearse(await createRuntime({ backends: [nullBackend()] }));
  step(runtime, 7)();
  expect(flops).toHaveLength(1);
  const products = 2 * (2 * 5 * 12 * 7);
  expect(flops[0]).toBeGreaterThan(products);
  expect(flops[0]).toBeLessThan(products + 12 * 5 * 7 + 6 * 12 * 7);
});

test('what is read back is 0, a replayed step counts its calls, and the real runtime is left as it was', async () => {
  const real = await createRuntime();
  const before = real.live();
  const rehearsal = rehearse(real);
  const next = step(rehearsal.runtime, 7);
  const counts: number[] = [];
  for (let i = 0; i < 5; i++) {
    const was = rehearsal.dispatches;
    const value = next();
    expect(await value.item()).toBe(0);
    value.dispose();
    counts.push(rehearsal.dispatches - was);
  }
  expect(counts[4]).toBe(counts[3]);
  expect(counts[4]).toBeLessThan(counts[0] as number);
  expect(real.live()).toEqual(before);
});

test('a runtime of another kind is refused', () => {
  expect(() => rehearse({} as Runtime)).toThrow('rehearse(): the runtime must be one of this copy of @dendrite/core');
});
