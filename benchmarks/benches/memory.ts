// Whether memory stays flat over thousands of training steps of LeNet-5, checked and replayed: requests to the device, bytes live,
// and bytes that the device holds, from the fifth step to the last. Batches lie on the device before.
import { lenet5 } from '@dendrite/cnn';
import { compile, leaves, valueAndGrad } from '@dendrite/core';
import { softmaxCrossEntropy } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import type { Runtime, Tensor } from '@dendrite/spec';
import type { BenchOptions } from '../harness/bench.ts';
import { type Result, type Row, row } from '../harness/result.ts';
import { openRuntime } from './backends.ts';
import { patternBatches } from './pattern-batches.ts';

const batchSize = 64;
/** By then every signature has been recorded, checked and planned. */
const settled = 5;
const learningRate = 1e-3;

export async function memory({ backend, threads, short }: BenchOptions): Promise<Result> {
  const steps = short ? 300 : 10_000;
  const runtime = await openRuntime(backend, threads);
  const rows: Row[] = [];
  for (const replay of [false, true]) rows.push(...(await measure(runtime, replay, steps)));
  const conditions = { device: `${runtime.name}, ${runtime.device.details}` };
  const { name } = runtime;
  await runtime.dispose();
  return { bench: 'memory', backend: name, threads, ratios: {}, missing: [], rows, conditions };
}

async function measure(runtime: Runtime, replay: boolean, steps: number): Promise<readonly Row[]> {
  const { device } = runtime;
  const net = lenet5({ classes: 10, activation: 'relu', pool: 'max' });
  const key = runtime.key(7);
  const optimizer = adam({ learningRate });
  const batches = patternBatches(10, batchSize, [28, 28, 1], 10).map(({ shape, x, y }) => ({
    x: runtime.keep(runtime.tensor(x, shape)),
    y: runtime.keep(runtime.tensor(y)),
  }));
  const { params, state: layers } = runtime.keep(net.init(key, [batchSize, 28, 28, 1]));
  let state = { params, moments: runtime.keep(optimizer.init(params)) };
  const step = compile(
    (before: typeof state, { x, y }: { readonly x: Tensor; readonly y: Tensor }, scalars) => {
      const { value, gradients } = valueAndGrad((p: typeof params) =>
        softmaxCrossEntropy(net.apply({ params: p, state: layers }, x, { training: true, key })[0], y),
      )(before.params);
      const next = optimizer.update(before.params, gradients, before.moments, scalars);
      return { state: { params: next.params, moments: next.state }, out: { loss: value } };
    },
    { replay },
  );

  let requests = 0;
  const allocate = device.allocate.bind(device);
  device.allocate = (bytes) => {
    requests++;
    return allocate(bytes);
  };
  const held = (): number => device.memory().live + device.memory().pooled;
  let from = { requests, live: runtime.live().bytes, held: held() };
  let loss = Number.NaN;
  for (let i = 0; i < steps; i++) {
    const batch = batches[i % batches.length];
    if (batch === undefined) break;
    const { state: next, out } = step(state, batch, optimizer.scalars(i + 1, learningRate));
    state = next;
    loss = await out.loss.item();
    out.loss.dispose();
    if (i + 1 === settled) from = { requests, live: runtime.live().bytes, held: held() };
  }
  device.allocate = allocate;
  const { mode, bytes } = step.status;
  const notes = { steps, loss: Number(loss.toPrecision(4)), 'bytes of recordings': bytes };
  const none = { target: 0 };
  const rows = [
    row(`LeNet-5, ${mode}: requests for memory`, 'after 5 steps', requests - from.requests, {}, { ...none, notes }),
    row(`LeNet-5, ${mode}: live`, 'bytes more', runtime.live().bytes - from.live, {}, none),
    row(`LeNet-5, ${mode}: held by the device`, 'bytes more', held() - from.held, {}, none),
  ];
  step.dispose();
  for (const { tensor } of leaves([...batches, state, layers])) tensor.dispose();
  return rows;
}
