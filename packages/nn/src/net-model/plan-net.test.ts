/** Plans of networks: what they say, what they refuse to fit, and that a later fit has the same bits. */
import { createRuntime, leaves, relu } from '@dendrite/core';
import { adam, sgd } from '@dendrite/optimizers';
import { isDendriteError } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { classifier, dense, dropout, regressor, sequential } from '../index.ts';

const rows = 70;
const x = { data: Float32Array.from({ length: rows * 6 }, (_, i) => Math.sin(i * i)), shape: [rows, 6] };
const y = Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 'a' : 'b'));
const net = (width = 8) => classifier(sequential(dense(width), relu, dropout(0.2), dense(2)), { batchSize: 16 });

test('rows, steps, parameters, and the peak of a fit to the byte', async () => {
  const runtime = await createRuntime();
  const plan = await net().plan({ x, y }, { epochs: 4, runtime, validation: 0.2, trial: 0 });
  expect(plan).toMatchObject({ rows: 56, unit: 'step', units: 16, parameters: 6 * 8 + 8 + 8 * 2 + 2, fits: true });
  expect(plan.bytes.parts).toMatchObject({ parameters: 4 * 74, optimizer: 8 * 74 });
  expect(plan.seconds).toBeUndefined();
  const products = 3 * 2 * 16 * (6 * 8 + 8 * 2);
  expect(plan.flops).toBeGreaterThan(products / 2);
  expect(plan.dispatches).toBeGreaterThan(5);
  const fresh = await createRuntime();
  (await net().fit({ x, y }, { epochs: 4, runtime: fresh, validation: 0.2 })).dispose();
  expect(fresh.device.memory().peak).toBe(plan.bytes.peak);
  expect(runtime.live()).toMatchObject({ tensors: 0, bytes: 0 });
});

test.each([1, 16, 70, 100])('the peak holds with batches of %i', async (batchSize) => {
  // So few steps are made one by one: many short ones in one call take some more.
  const options = { epochs: 2, batchSize };
  const plan = await net(5).plan({ x, y }, { ...options, runtime: await createRuntime(), trial: 0 });
  const runtime = await createRuntime();
  (await net(5).fit({ x, y }, { ...options, runtime })).dispose();
  expect(runtime.device.memory().peak).toBe(plan.bytes.peak);
});

test('a trial says how long it takes, leaves nothing behind, and changes no bit of a later fit', async () => {
  const runtime = await createRuntime();
  const options = { epochs: 2, seed: 5, runtime };
  const weights = async (): Promise<Float32Array[]> => {
    const fitted = await net().fit({ x, y }, options);
    const found = await Promise.all(leaves(fitted.params).map(({ tensor }) => tensor.data()));
    fitted.dispose();
    return found;
  };
  const before = await weights();
  let told = 0;
  const plan = await net().plan(
    { x, y },
    { ...options, trial: 0.2, onProgress: () => told++, callbacks: [{ name: 'none', on: () => void told++ }] },
  );
  expect(told).toBe(0);
  expect(plan.trial?.units).toBe(10);
  expect(plan.seconds).toBeGreaterThan(0);
  expect(runtime.live()).toMatchObject({ tensors: 0, bytes: 0 });
  expect(await weights()).toEqual(before);
});

test('a batch that does not fit: the size that would, which fits', async () => {
  const runtime = await createRuntime();
  const plain = await net(64).plan({ x, y }, { batchSize: 64, runtime, trial: 0 });
  const bytes = Math.round(plain.bytes.peak * 0.7);
  const plan = await net(64).plan({ x, y }, { batchSize: 64, runtime, limits: { bytes } });
  expect(plan.fits).toBe(false);
  expect(plan.seconds).toBeUndefined();
  const [obstacle] = plan.obstacles;
  expect(obstacle).toMatchObject({ what: 'memory', needed: plain.bytes.peak, limit: bytes });
  const size = Number(/batchSize of at most (\d+) \(64 was asked for\)/.exec(obstacle?.advice ?? '')?.[1]);
  expect(size).toBeGreaterThan(1);
  const smaller = await net(64).plan({ x, y }, { batchSize: size, runtime, limits: { bytes }, trial: 0 });
  expect(smaller.fits).toBe(true);
});

test('a network that does not fit at all: which parameter is the largest', async () => {
  const wide = regressor(sequential(dense(3000), relu, dense(1)), { optimizer: adam() });
  const data = { x, y: Float32Array.from(y, (label) => (label === 'a' ? 1 : 2)) };
  const plan = await wide.plan(data, { runtime: await createRuntime(), limits: { bytes: 200_000 } });
  expect(plan.obstacles[0]?.advice).toMatch(
    /even with a batchSize of 1: make the network narrower\. '0\.weight' \[6, 3000\] is 75 %/,
  );
});

test('too little time: how many steps there is time for', async () => {
  const runtime = await createRuntime();
  const plan = await net().plan({ x, y }, { epochs: 100_000, runtime, trial: 0.1, limits: { seconds: 2 } });
  expect(plan.obstacles).toMatchObject([{ what: 'time', limit: 2 }]);
  expect(plan.obstacles[0]?.advice).toMatch(/In 2 s there is time for \d+ of the 500000 steps/);
});

test('neither memory nor time: both are named, the time of a batch that fits', async () => {
  const runtime = await createRuntime();
  const plain = await net(64).plan({ x, y }, { batchSize: 64, runtime, trial: 0 });
  const bytes = Math.round(plain.bytes.peak * 0.7);
  const asked = { epochs: 1e6, batchSize: 64, runtime, trial: 0.05, validation: 0.2 };
  const before = runtime.live();
  const plan = await net(64).plan({ x, y }, { ...asked, limits: { bytes, seconds: 2 } });
  expect(plan.obstacles.map(({ what }) => what)).toEqual(['memory', 'time']);
  expect(plan.obstacles[1]).toMatchObject({ needed: plan.seconds, limit: 2 });
  expect(plan.obstacles[1]?.advice).toMatch(/In 2 s there is time for \d+ of the 1000000 steps/);
  expect(runtime.live()).toEqual(before);
  const hopeless = await net(64).plan({ x, y }, { ...asked, limits: { bytes: 1000, seconds: 2 } });
  expect(hopeless.obstacles.map(({ what }) => what)).toEqual(['memory']);
});

test('as text: a table with a line a fact', async () => {
  const plan = await net().plan({ x, y }, { epochs: 4, runtime: await createRuntime(), trial: 0 });
  const lines = String(plan).split('\n');
  expect(lines[0]).toBe('nn/classifier on cpu (plain JavaScript, one thread)');
  expect(lines).toContain('  rows            70');
  expect(lines).toContain('  parameters      74');
  expect(lines.at(-1)).toBe('  fits            yes');
  // Plain data: what is copied or compared has no functions in it.
  expect(structuredClone({ ...plan })).toEqual({ ...plan });
});

test.each([
  ['an unknown option', { epoch: 3 }, "got 'epoch'. Did you mean 'epochs'?"],
  ['an unknown limit', { limits: { memory: 3 } }, "limits must be bytes or seconds, got 'memory'"],
  ['no bytes at all', { limits: { bytes: 0 } }, 'limits.bytes must be above 0, got 0'],
  ['a negative trial', { trial: -1 }, 'trial must be seconds from 0 on, got -1'],
  ['a trial without end', { trial: Number.NaN }, 'trial must be seconds from 0 on, got NaN'],
])('refuses %s', async (_, options, text) => {
  const error = await net()
    .plan({ x, y }, options as object)
    .catch((reason: unknown) => reason);
  expect(isDendriteError(error, 'OPTION')).toBe(true);
  expect(String(error)).toContain(text);
});

test('an optimizer without slots has none in the plan', async () => {
  const plain = classifier(dense(2), { optimizer: sgd({ learningRate: 0.1 }) });
  const plan = await plain.plan({ x, y }, { runtime: await createRuntime(), trial: 0 });
  expect(plan.bytes.parts.optimizer).toBe(0);
});
