/** Random tensors: frozen for a seed, distributed as promised, independent where forked. */
import { forkWords, randomBits as hostBits, hostKey } from '@dendrite/random';
import type { Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import {
  bernoulli,
  createRuntime,
  grad,
  mul,
  normal,
  permutation,
  sum,
  truncatedNormal,
  uniform,
} from '../../index.ts';
import { randomBits } from './random-bits.ts';

const runtime = await createRuntime();
const key = runtime.key(7);
const n = 20_000;
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
function moment(values: ArrayLike<number>, power: number): number {
  const center = mean(values);
  return mean(Array.from(values, (x) => (x - center) ** power));
}

test('the bits are the host’s, whatever the shape; a longer tensor begins with the shorter', async () => {
  const host = Int32Array.from(hostBits(hostKey(7), 35), (word) => word | 0);
  for (const shape of [[], [0], [1], [2], [5], [5, 7]]) {
    const bits = await randomBits(key, shape).data('int32');
    expect(bits).toEqual(host.slice(0, bits.length));
  }
});

test('forks are the host’s', () => {
  expect(key.fork('layer').fork(3).words).toEqual(forkWords(forkWords(hostKey(7).words, 'layer'), 3));
  expect(key.fork('a').runtime).toBe(runtime);
});

test('frozen: seed 7 gives these numbers for ever', async () => {
  expect(await uniform(key, [3]).toArray()).toEqual([0.34410691261291504, 0.9551742672920227, 0.9261603951454163]);
  expect(Array.from(await permutation(key, 8).data('int32'))).toEqual([6, 4, 0, 3, 5, 7, 2, 1]);
  const drawn = Array.from(await normal(key, [3], { dtype: 'float64' }).data('float64'));
  [0.7591886854700542, -0.011062535019838515, 0.4919018888742495].forEach((value, i) => {
    expect(drawn[i]).toBeCloseTo(value, 12);
  });
});

test('a step counter changes every number, and each step is its own', async () => {
  const counter = (step: number): Tensor<readonly []> => runtime.tensor(step, [], 'int32');
  const plain = await uniform(key, [8]).data();
  const steps = await Promise.all([0, 1, 2].map((step) => uniform(key.at(counter(step)), [8]).data()));
  expect(steps[0]).toEqual(plain);
  expect(steps[1]).not.toEqual(steps[0]);
  expect(steps[1]).not.toEqual(steps[2]);
  expect(await uniform(key.at(counter(1)).fork('x'), [4]).data()).toEqual(
    await uniform(key.fork('x').at(counter(1)), [4]).data(),
  );
});

test('uniform: range, mean, variance, all of it used', async () => {
  const values = await uniform(key, [n], { min: -1, max: 3 }).data();
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...values)).toBeLessThan(3);
  expect(Math.abs(mean(values) - 1)).toBeLessThan(0.03);
  expect(Math.abs(moment(values, 2) - 16 / 12)).toBeLessThan(0.03);
  const bins = new Array<number>(10).fill(0);
  for (const value of values) bins[Math.floor((value + 1) * 2.5)] = (bins[Math.floor((value + 1) * 2.5)] ?? 0) + 1;
  for (const count of bins) expect(Math.abs(count - n / 10)).toBeLessThan(200);
});

test('normal: moments and tails', async () => {
  const values = await normal(key, [n], { mean: 2, deviation: 3 }).data();
  expect(Math.abs(mean(values) - 2)).toBeLessThan(0.08);
  expect(Math.abs(Math.sqrt(moment(values, 2)) - 3)).toBeLessThan(0.06);
  expect(Math.abs(moment(values, 3) / 27)).toBeLessThan(0.06);
  expect(Math.abs(moment(values, 4) / 81 - 3)).toBeLessThan(0.15);
  const share = (limit: number): number => values.filter((x) => Math.abs(x - 2) > 3 * limit).length / n;
  expect(Math.abs(share(1) - 0.3173)).toBeLessThan(0.01);
  expect(Math.abs(share(2) - 0.0455)).toBeLessThan(0.005);
  expect(values.every(Number.isFinite)).toBe(true);
});

test('normal: neighbours and forks do not go together', async () => {
  const a = await normal(key.fork('a'), [n]).data();
  const b = await normal(key.fork('b'), [n]).data();
  const together = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
    mean(Array.from(x, (value, i) => value * (y[i] as number)));
  expect(Math.abs(together(a, b))).toBeLessThan(0.03);
  expect(Math.abs(together(a.slice(1), a.slice(0, -1)))).toBeLessThan(0.03);
});

test('truncated normal: two deviations at most, shape kept', async () => {
  const values = await truncatedNormal(key, [n], { mean: 1, deviation: 0.5 }).data();
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThanOrEqual(2);
  expect(Math.abs(mean(values) - 1)).toBeLessThan(0.01);
  // The variance of a normal distribution cut at ±2 is 0.7737.
  expect(Math.abs(moment(values, 2) / 0.25 - 0.7737)).toBeLessThan(0.03);
  expect(values.filter((x) => x === 0 || x === 2)).toHaveLength(0); // nothing piles up at the bounds
});

test('bernoulli: its rate, and never and always', async () => {
  const values = await bernoulli(key, [n], { probability: 0.3 }).data('bool');
  expect(Math.abs(mean(values) - 0.3)).toBeLessThan(0.01);
  expect(mean(await bernoulli(key, [99], { probability: 0 }).data('bool'))).toBe(0);
  expect(mean(await bernoulli(key, [99], { probability: 1 }).data('bool'))).toBe(1);
});

test('permutation: every number once, every place alike', async () => {
  for (const size of [0, 1, 2, 33]) {
    const order = await permutation(key, size).data('int32');
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
  }
  const first = new Array<number>(4).fill(0);
  for (let i = 0; i < 400; i++) {
    const [at = 0] = await permutation(key.fork(i), 4).data('int32');
    first[at] = (first[at] ?? 0) + 1;
  }
  for (const count of first) expect(Math.abs(count - 100)).toBeLessThan(40);
});

test('random numbers are constants to every gradient', async () => {
  const x = runtime.tensor(new Float32Array([1, 1]));
  const noise = await normal(key, [2]).data();
  const found = grad((p: Tensor) => sum(mul(p, normal(key, [2]))))(x);
  expect(await found.data()).toEqual(noise);
});

test('wrong options', () => {
  expect(() => uniform(key, [1], { min: 1, max: 1 })).toThrow(
    'uniform(): min must be below max, both finite, got 1 and 1.',
  );
  expect(() => uniform(key, [1], { max: Number.POSITIVE_INFINITY })).toThrow(/got 0 and Infinity/);
  expect(() => uniform(key, [1], { dtype: 'int32' })).toThrow(
    'uniform(): dtype must be float32 or float64, got int32. Cast the result.',
  );
  expect(() => normal(key, [1], { deviation: -1 })).toThrow('normal(): deviation must be a finite number ≥ 0, got -1.');
  expect(() => truncatedNormal(key, [1], { dtype: 'bool' })).toThrow(
    'truncatedNormal(): dtype must be float32 or float64, got bool. Cast the result.',
  );
  // @ts-expect-error the probability is missing
  expect(() => bernoulli(key, [1])).toThrow('bernoulli(): probability must be from 0 to 1, got undefined. Write');
  expect(() => bernoulli(key, [1], { probability: 1.5 })).toThrow(
    'bernoulli(): probability must be from 0 to 1, got 1.5.',
  );
  expect(() => permutation(key, -1)).toThrow('permutation(): n must be a whole number ≥ 0, got -1.');
  expect(() => runtime.key(0.5)).toThrow(/seed must be an integer/);
});

test('nothing but the result is left', () => {
  const before = runtime.live();
  const made = [uniform(key, [9]), normal(key, [9]), truncatedNormal(key, [9]), permutation(key, 9)];
  expect(runtime.live().tensors).toBe(before.tensors + 4);
  for (const tensor of made) tensor.dispose();
  expect(runtime.live()).toEqual(before);
});
