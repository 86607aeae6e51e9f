/** What an optimizer may bring to `fit`: schedules, averages, accumulation, loss scaling, groups; each goes on to the bit. */
import { createRuntime, leaves, relu } from '@dendrite/core';
import { load, toBytes } from '@dendrite/model';
import {
  accumulated,
  adam,
  adamW,
  averaged,
  cosineDecay,
  grouped,
  lossScaled,
  optimizersTable,
  reduceOnPlateau,
  scheduled,
  sgd,
} from '@dendrite/optimizers';
import type { Checkpoint, Optimizer, ProgressEvent, SavedModel } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { classifier, dense, dropout, nnLayers, sequential } from '../index.ts';

const runtime = await createRuntime();
const rows = 40;
const x = Array.from({ length: rows }, (_, i) => [Math.sin(i), Math.cos(2 * i), (i % 7) / 7]);
const y = x.map(([a = 0, b = 0]) => (a * b > 0 ? 'same' : 'other'));
const data = { x, y };
const layer = sequential(dense(6), relu, dropout(0.2), dense(2));
const model = (optimizer: Optimizer, options: object = {}) =>
  classifier(layer, { optimizer, batchSize: 8, scaling: 'none', ...options });

const told = ({ seconds: _, ...event }: ProgressEvent) => event;
const bits = ({ arrays }: SavedModel): readonly (readonly [string, string])[] =>
  Object.entries(arrays).map(([name, { data: values }]) => [name, Array.from(values).join()]);

test.each<readonly [string, () => Optimizer]>([
  ['a schedule', () => scheduled(adam({ learningRate: 0.05 }), cosineDecay({ steps: 20 }))],
  [
    'a schedule that looks at a metric',
    () => scheduled(sgd({ learningRate: 0.5 }), reduceOnPlateau({ patience: 0, threshold: 0.2, factor: 0.5 })),
  ],
  [
    'a schedule that looks at the training loss',
    () =>
      scheduled(
        sgd({ learningRate: 0.5 }),
        reduceOnPlateau({ monitor: 'loss', patience: 0, threshold: 0.2, factor: 0.5 }),
      ),
  ],
  ['an average', () => averaged(adam({ learningRate: 0.05 }), { decay: 0.8 })],
  ['accumulation', () => accumulated(adam({ learningRate: 0.05 }), { batches: 3 })],
  ['a loss scale', () => lossScaled(adam({ learningRate: 0.05 }), { every: 3, scale: 8 })],
  [
    'groups',
    () =>
      grouped(adamW({ learningRate: 0.05, weightDecay: 0.1 }), [
        { parameters: { rankAtMost: 1 }, optimizer: sgd({ learningRate: 0.1 }) },
      ]),
  ],
  [
    'all at once',
    () =>
      lossScaled(
        averaged(
          accumulated(
            scheduled(
              grouped(adamW(), [{ parameters: '*.bias', optimizer: adamW({ weightDecay: 0 }) }]),
              reduceOnPlateau({ patience: 0 }),
            ),
            { batches: 2 },
          ),
          { decay: 0.5 },
        ),
        { every: 4 },
      ),
  ],
])('%s: a run that goes on from a checkpoint ends with the same bits, and its file loads', async (_, make) => {
  const options = { epochs: 4, seed: 3, validation: data, runtime };
  const whole = await model(make()).fit(data, options);
  for (const [unit, done] of [
    ['batch', 7],
    // The last of an epoch: what is told first when it goes on is the epoch.
    ['batch', 10],
    ['epoch', 2],
  ] as const) {
    let kept: Checkpoint | undefined;
    const run = model(make()).run(data, options);
    for await (const event of run) {
      if (event.unit !== unit || event.done !== done) continue;
      kept = await run.checkpoint();
      run.stop();
    }
    (await run.result).dispose();
    const ended = await model(make()).fit(data, { ...options, ...(kept && { from: kept }) });
    expect(bits(await ended.save())).toEqual(bits(await whole.save()));
    expect(ended.history.map(told)).toEqual(whole.history.map(told));
    ended.dispose();
  }
  const again = await load(toBytes(await whole.save()), { with: [nnLayers, optimizersTable], runtime });
  expect(bits(await again.save())).toEqual(bits(await whole.save()));
  again.dispose();
  whole.dispose();
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
});

test('a schedule that reached 0 no longer moves anything; the model keeps the parameters it had', async () => {
  const slow = scheduled(sgd({ learningRate: 0.3 }), cosineDecay({ steps: 5 }));
  const one = await model(slow).fit(data, { epochs: 1, seed: 1, runtime });
  const four = await model(slow).fit(data, { epochs: 4, seed: 1, runtime });
  expect(bits(await four.save())).toEqual(bits(await one.save()));
});

test('reduceOnPlateau: the loss of each epoch decides the rate of the next', async () => {
  const still = scheduled(
    sgd({ learningRate: 0.3 }),
    reduceOnPlateau({ monitor: 'loss', patience: 0, threshold: 10, factor: 0 }),
  );
  // The first report is the best so far; the second is no improvement, and from then on the rate is 0.
  const two = await model(still).fit(data, { epochs: 2, seed: 1, runtime });
  const five = await model(still).fit(data, { epochs: 5, seed: 1, runtime });
  expect(bits(await five.save())).toEqual(bits(await two.save()));
  const one = await model(still).fit(data, { epochs: 1, seed: 1, runtime });
  expect(bits(await one.save())).not.toEqual(bits(await two.save()));
  await expect(model(scheduled(sgd(), reduceOnPlateau())).fit(data, { epochs: 1, runtime })).rejects.toThrow(
    "reduceOnPlateau(): monitor must be a metric that is reported (loss, accuracy), got 'validation.loss'.",
  );
});

test('four batches of 8 accumulated are one of 32', async () => {
  const plain = sequential(dense(6), relu, dense(2));
  const first = { x: x.slice(0, 32), y: y.slice(0, 32) };
  const optimizer = sgd({ learningRate: 0.3, momentum: 0.9 });
  const options = { epochs: 3, seed: 2, runtime };
  const large = await classifier(plain, { optimizer, batchSize: 32, scaling: 'none' }).fit(first, options);
  const small = await classifier(plain, { optimizer, batchSize: 8, accumulate: 4, scaling: 'none' }).fit(
    first,
    options,
  );
  const [a, b] = [await large.save(), await small.save()];
  for (const [name, { data: values }] of Object.entries(a.arrays))
    if (name.startsWith('params'))
      expect(Array.from(b.arrays[name]?.data ?? [])).toEqual(Array.from(values, (value) => expect.closeTo(value, 6)));
});

test('a loss scale that is a power of 2 changes no bit; one that overflows shrinks until it fits', async () => {
  const plain = await model(adam()).fit(data, { epochs: 2, seed: 1, runtime });
  const scaled = await model(adam(), { lossScale: 1024 }).fit(data, { epochs: 2, seed: 1, runtime });
  expect(bits(await scaled.save())).toEqual(bits(await plain.save()));
  expect(scaled.history.map(({ metrics }) => metrics.loss)).toEqual(plain.history.map(({ metrics }) => metrics.loss));
  const huge = { every: 1000, scale: 2 ** 126, backoff: 2 ** -20 };
  const shrunk = await model(lossScaled(adam(), huge)).fit(
    { x: x.map((row) => row.map((value) => 1e6 * value)), y },
    { epochs: 4, seed: 1, runtime },
  );
  expect(shrunk.history.every(({ metrics }) => Number.isFinite(metrics.loss))).toBe(true);
  await expect(
    model(adam(), { lossScale: 2 ** 126 }).fit(
      { x: x.map((row) => row.map((v) => 1e6 * v)), y },
      { epochs: 1, runtime },
    ),
  ).rejects.toThrow('loss and gradients must be finite');
});

test('an average is what is evaluated and saved; snapshots too', async () => {
  const optimizer = averaged(sgd({ learningRate: 1 }), { decay: 0.9 });
  const plain = await model(sgd({ learningRate: 1 })).fit(data, { epochs: 3, seed: 1, runtime, validation: data });
  const mean = await model(optimizer).fit(data, { epochs: 3, seed: 1, runtime, validation: data });
  // The same steps and training losses, other parameters at the end.
  expect(mean.history.map(({ metrics }) => metrics.loss)).toEqual(plain.history.map(({ metrics }) => metrics.loss));
  expect(bits(await mean.save())).not.toEqual(bits(await plain.save()));
  expect(mean.history.at(-1)?.metrics['validation.loss']).not.toBe(plain.history.at(-1)?.metrics['validation.loss']);
  const remembered = await model(optimizer).fit(data, {
    epochs: 3,
    seed: 1,
    runtime,
    callbacks: [{ name: 'last', on: ({ unit }, run) => (unit === 'epoch' ? run.remember() : undefined) }],
  });
  expect(bits(await remembered.save())).toEqual(bits(await mean.save()));
  expect(leaves(remembered.params)).toHaveLength(4);
});

test('options are checked', () => {
  expect(() => classifier(layer, { accumulate: 0 })).toThrow('accumulate must');
  expect(() => classifier(layer, { lossScale: 0.5 })).toThrow(
    "lossScale must be a finite number of at least 1, or 'adaptive', got 0.5",
  );
});
