/** A runtime with `kernels: 'as needed'` loads what fit, predict and own code run by, and nothing else; the bits are the same. */
import { wasm } from '@dendrite/backend-wasm';
import { cnnLayers, lenet5 } from '@dendrite/cnn';
import { createRuntime, cumulativeSum, grad, matmul, relu, softmax, sum } from '@dendrite/core';
import { accuracy } from '@dendrite/metrics';
import { load, toBytes } from '@dendrite/model';
import { classifier, nnLayers } from '@dendrite/nn';
import type { Runtime, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';

const open = (kernels: 'all' | 'as needed'): Promise<Runtime> =>
  createRuntime({ backends: [wasm({ threads: 1 })], fallback: false, kernels });
const runtime = await open('as needed');
const pixels = Float32Array.from({ length: 24 * 784 }, (_, i) => Math.abs(Math.sin(i)));
const data = {
  x: { data: pixels, shape: [24, 28, 28, 1] },
  y: Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 'even' : 'odd')),
};

test('an op whose kernel is not there says what to write', () => {
  const x = runtime.tensor([1, 2, 3, 4], [2, 2]);
  expect(() => matmul(x, x)).toThrow('await runtime.load(() => …)');
});

test('load(trial) loads what it runs by, its gradient included, and computes nothing', async () => {
  const x = runtime.tensor([1, 2, 3, 4], [2, 2]);
  const before = runtime.live();
  let runs = 0;
  const slope = (): Tensor => {
    runs++;
    return grad((w: Tensor) => sum(softmax(relu(matmul(x, w)))))(x);
  };
  await runtime.load(slope);
  expect(runs).toBe(2);
  expect(runtime.live()).toEqual(before);
  expect(slope().shape).toEqual([2, 2]);
  // What the trial did not run is not there.
  expect(() => cumulativeSum(x)).toThrow('must be loaded');
});

test('a trial that fails loads what it came to, and the real run says what is wrong', async () => {
  const x: Tensor = runtime.tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  const wrong = (): Tensor => matmul(x, x);
  await expect(runtime.load(wrong)).resolves.toBeUndefined();
  expect(wrong).toThrow('matmul()');
});

test('fit, evaluate, predict and a loaded model run, and give the bits of a runtime that has all', async () => {
  const train = async (on: Runtime) => {
    const model = classifier(lenet5({ classes: 2 }));
    const fitted = await model.fit(data, { epochs: 3, batchSize: 9, validation: 0.25, seed: 3, runtime: on });
    return { fitted, bytes: toBytes(await fitted.save()) };
  };
  const mine = await train(runtime);
  const { top1 } = await mine.fitted.evaluate(data, { top1: accuracy });
  expect(top1).toBeGreaterThanOrEqual(0);
  const restored = await load(mine.bytes, { with: [nnLayers, cnnLayers], runtime });
  expect(await restored.predict({ data: pixels, shape: [24, 28, 28, 1] })).toEqual(
    await mine.fitted.predict({ data: pixels, shape: [24, 28, 28, 1] }),
  );
  const all = await open('all');
  expect(Buffer.from((await train(all)).bytes).equals(Buffer.from(mine.bytes))).toBe(true);
});
