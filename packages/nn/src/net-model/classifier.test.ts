/** Classifiers and regressors of networks, trained, saved, asked and used wrongly. Long: they share their data and networks. */
import { createRuntime, exp, mul, relu, tanh } from '@dendrite/core';
import { accuracy } from '@dendrite/metrics';
import { earlyStopping, fromBytes, load, toBytes } from '@dendrite/model';
import { adam, sgd } from '@dendrite/optimizers';
import type { Checkpoint, ProgressEvent, Runtime, SavedModel, Tensor } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batchNorm, classifier, dense, dropout, flatten, network, nnLayers, sequential } from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());

/** Three clouds of points, one a label; deterministic. */
const points = (n: number): { readonly x: number[][]; readonly y: ('a' | 'b' | 'c')[] } => {
  const centres = [
    [0, 100],
    [3, 130],
    [-3, 130],
  ] as const;
  const labels = ['a', 'b', 'c'] as const;
  const each = Array.from({ length: n }, (_, i) => i);
  return {
    x: each.map((i) => [
      (centres[i % 3]?.[0] ?? 0) + Math.sin(i * 12.9),
      (centres[i % 3]?.[1] ?? 0) + 10 * Math.sin(i * 78.2),
    ]),
    y: each.map((i) => labels[i % 3] ?? 'a'),
  };
};
const net = () => sequential(dense(8), batchNorm(), tanh, dropout(0.1), dense(3));
const arrays = (saved: SavedModel): Record<string, number[]> =>
  Object.fromEntries(Object.entries(saved.arrays).map(([name, { data }]) => [name, Array.from(data)]));

test('learns, tells how it goes, and holds nothing but its parameters', async () => {
  const events: ProgressEvent[] = [];
  const data = points(90);
  const model = classifier(net(), { optimizer: adam({ learningRate: 0.02 }), batchSize: 16 });
  const fitted = await model.fit(data, {
    epochs: 12,
    seed: 3,
    runtime,
    validation: 0.2,
    onProgress: (event) => events.push(event),
  });
  expect((await fitted.evaluate(data, { accuracy })).accuracy).toBeGreaterThan(0.95);
  const labels: readonly ('a' | 'b' | 'c')[] = await fitted.predict([
    [0, 100],
    [3, 130],
  ]);
  expect(labels).toEqual(['a', 'b']);
  const { data: probabilities, shape } = await fitted.predictProbabilities(data.x);
  expect(shape).toEqual([90, 3]);
  expect((probabilities[0] ?? 0) + (probabilities[1] ?? 0) + (probabilities[2] ?? 0)).toBeCloseTo(1, 5);
  const epochs = events.filter(({ unit }) => unit === 'epoch');
  expect(epochs.map(({ done, of }) => [done, of])).toEqual(Array.from({ length: 12 }, (_, i) => [i + 1, 12]));
  expect(Object.keys(epochs[0]?.metrics ?? {})).toEqual(['loss', 'accuracy', 'validation.loss', 'validation.accuracy']);
  expect(events.filter(({ unit }) => unit === 'batch').map(({ done, of }) => [done, of])[59]).toEqual([60, 60]);
  expect(events[0]?.notice).toContain('Training on cpu');
  expect(events.slice(1).some(({ notice }) => notice !== undefined)).toBe(false);
  expect(events.at(-1)?.examples).toBe(12 * 72);
  const first = events[0]?.metrics.loss ?? 0;
  expect(epochs.at(-1)?.metrics.loss).toBeLessThan(first / 3);
  // dense 2 + norm 2 + dense 2, and the running mean and variance.
  expect(runtime.live()).toMatchObject({ tensors: 8, buffers: 8 });
  fitted.dispose();
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
});

test('the same seed gives the same bits, another one others', async () => {
  const train = async (seed: number) =>
    arrays(await (await classifier(net()).fit(points(30), { epochs: 2, seed, runtime })).save());
  const [first, again, other] = [await train(1), await train(1), await train(2)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test.each([3, 7, 10])('goes on from a checkpoint after %i batches to the same bits', async (stop) => {
  const model = classifier(net(), { optimizer: adam({ learningRate: 0.01 }), batchSize: 8 });
  const data = points(40);
  const whole = arrays(await (await model.fit(data, { epochs: 3, seed: 5, runtime })).save());
  let taken: Checkpoint | undefined;
  await model.fit(data, {
    epochs: 3,
    seed: 5,
    runtime,
    callbacks: [
      {
        name: 'taker',
        async on({ unit, done }, run) {
          if (unit === 'batch' && done === stop) {
            taken = await run.checkpoint();
            run.stop('taken');
          }
        },
      },
    ],
  });
  expect(taken?.cursor.step).toBe(stop);
  const through = fromBytes(toBytes(taken as Checkpoint)) as Checkpoint;
  const rest = await model.fit(data, { epochs: 3, runtime, from: through });
  expect(arrays(await rest.save())).toEqual(whole);
  await expect(
    classifier(net(), { optimizer: sgd(), batchSize: 8 }).fit(data, { epochs: 3, runtime, from: through }),
  ).rejects.toThrow("must have the checkpoint's optimizer and batch size");
  await expect(model.fit(data, { epochs: 3, runtime, from: through, batchSize: 4 })).rejects.toThrow(
    'got {"name":"optimizers/adam"',
  );
});

test('saved, loaded and restored: the same answers; a fine-tuning begins with the saved parameters', async () => {
  const data = points(60);
  const model = classifier(net(), { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), clip: { globalNorm: 1 } });
  const fitted = await model.fit(data, { epochs: 3, runtime });
  const saved = fromBytes(toBytes(await fitted.save()));
  expect(Object.keys(saved.arrays).filter((name) => !name.startsWith('probe'))).toEqual(
    [
      'params.0.bias',
      'params.0.weight',
      'params.1.offset',
      'params.1.scale',
      'params.4.bias',
      'params.4.weight',
      'state.1.mean',
      'state.1.variance',
    ].map((name) => expect.stringContaining(name)),
  );
  const [restored, loaded] = [
    await model.restore(saved, { runtime, labels: ['a', 'b', 'c'] }),
    await load(toBytes(saved), { with: [nnLayers], runtime }),
  ];
  const expected = await fitted.predictProbabilities(data.x);
  expect(await restored.predictProbabilities(data.x)).toEqual(expected);
  expect(await loaded.predict(data.x)).toEqual(await fitted.predict(data.x));
  const later = await model.fit(data, { epochs: 1, runtime, from: saved });
  expect(later.history).toHaveLength(1);
  for (const each of [fitted, restored, loaded, later]) each.dispose();
  expect(runtime.live().tensors).toBe(0);
});

test('a loss that is not a number ends the run: step, parameter and largest gradient are named, nothing is left behind', async () => {
  const data = points(64);
  const overflowing = sequential(dense(8), (x: Tensor) => exp(mul(x, 40)), dense(3));
  const run = classifier(overflowing, { optimizer: sgd({ learningRate: 1e4 }), batchSize: 16 }).fit(data, {
    epochs: 3,
    runtime,
    seed: 2,
  });
  await expect(run).rejects.toMatchObject({
    code: 'NUMERIC',
    message: expect.stringMatching(
      /^fit\(\): loss and gradients must be finite, got loss \S+ in step \d+, not finite: .*'.*\. The step was left out\. Lower the learning rate/,
    ),
  });
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
});

test('stopping, early stopping and aborting keep or free the model', async () => {
  const data = points(60);
  const model = classifier(net(), { batchSize: 10 });
  const run = model.run(data, { epochs: 50, runtime });
  for await (const event of run) if (event.unit === 'batch' && event.done === 4) run.stop('enough');
  const stopped = await run.result;
  expect(stopped.stopped).toBe('enough');
  stopped.dispose();
  const early = await model.fit(data, {
    epochs: 40,
    runtime,
    validation: 0.25,
    callbacks: [earlyStopping({ patience: 1 })],
  });
  expect((await early.predict(data.x)).length).toBe(60);
  early.dispose();
  const controller = new AbortController();
  await expect(
    model.fit(data, {
      epochs: 9,
      runtime,
      signal: controller.signal,
      onProgress: ({ done }) => done === 2 && controller.abort(),
    }),
  ).rejects.toMatchObject({ code: 'ABORTED' });
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
});

test('bytes are divided by 255, and the file remembers', async () => {
  const images = { data: Uint8Array.from({ length: 40 * 4 }, (_, i) => (i % 8 < 4 ? 255 : 0)), shape: [40, 2, 2] };
  const y = Array.from({ length: 40 }, (_, i) => i % 2 === 0);
  const model = classifier(sequential(flatten, dense(2)), { optimizer: adam({ learningRate: 0.05 }), batchSize: 8 });
  const fitted = await model.fit({ x: images, y }, { epochs: 10, runtime });
  const saved = await fitted.save();
  expect(saved.header.extra).toMatchObject({ scaling: { kind: 'bytes' } });
  expect((await fitted.predict({ data: new Uint8Array(4).fill(255), shape: [1, 2, 2] }))[0]).toBe(true);
});

test('weights: a class without weight is not learned, balanced classes count alike', async () => {
  // Features that tell nothing, so that only the weights decide.
  const { y } = points(60);
  const data = { x: y.map((_, i) => [Math.sin(i * 3.7)]), y };
  const model = classifier(sequential(dense(3)), { optimizer: adam({ learningRate: 0.3 }) });
  const only = await model.fit(data, { epochs: 30, runtime, classWeight: { a: 1, b: 0, c: 0 } });
  expect(new Set(await only.predict(data.x))).toEqual(new Set(['a']));
  const sampled = await model.fit(
    { ...data, sampleWeight: data.y.map((each) => (each === 'b' ? 1 : 0)) },
    { epochs: 30, runtime },
  );
  expect(new Set(await sampled.predict(data.x))).toEqual(new Set(['b']));
  await expect(model.fit(data, { epochs: 1, runtime, classWeight: 'balanced' })).resolves.toBeDefined();
});

test('a loss of its own, and a network of its own', async () => {
  const data = points(30);
  const squared = (logits: Tensor, codes: Tensor): Tensor =>
    mul(logits, mul(logits, codes.dtype === 'int32' ? 1 : Number.NaN));
  const model = classifier(
    network({ out: dense(3) }, ({ out }, x) => relu(out(x))),
    { loss: squared },
  );
  const fitted = await model.fit(data, { epochs: 1, runtime });
  const saved = await fitted.save();
  expect(await (await model.restore(saved, { runtime })).predict(data.x)).toEqual(await fitted.predict(data.x));
  await expect(load(toBytes(saved), { with: [nnLayers] })).rejects.toMatchObject({ code: 'FORMAT' });
});

const few = points(9);
test.each<[string, string, () => unknown]>([
  [
    'OPTION',
    "classifier(): options must be among optimizer, clip, accumulate, lossScale, scaling, epochs, batchSize, loss, labelSmoothing, got 'lr'. Check the spelling.",
    () => classifier(dense(3), { lr: 1 } as object),
  ],
  [
    'OPTION',
    'classifier(): optimizer must be an optimizer such as adam()',
    () => classifier(dense(3), { optimizer: adam as never }),
  ],
  [
    'OPTION',
    'classifier(): its first argument must be a layer or a function of a tensor, got number',
    () => classifier(3 as never),
  ],
  [
    'OPTION',
    "classifier(): loss must be 'softmaxCrossEntropy' or a function",
    () => classifier(dense(3), { loss: 'hinge' as never }),
  ],
  [
    'SHAPE',
    'classifier(): its layer must give one output for each of the 3 labels (a, b, c), got the shape [1, 4] for one example. End it with dense(3).',
    () => classifier(dense(4)).fit(few, { runtime }),
  ],
  [
    'SHAPE',
    'got the shape [1, 2, 3]',
    () => classifier(dense(3)).fit({ x: { data: new Float32Array(36), shape: [9, 2, 2] }, y: few.y }, { runtime }),
  ],
  [
    'OPTION',
    'its layer must have parameters to learn, got none. Put a dense() into it.',
    () => classifier(sequential(tanh)).fit({ x: few.x.map((row) => [...row, 1]), y: few.y }, { runtime }),
  ],
  [
    'OPTION',
    'fit(): an option must be one of epochs, batchSize, seed',
    () => classifier(dense(3)).fit(few, { epoch: 3 } as never),
  ],
  [
    'OPTION',
    'fit(): epochs must be a whole number of at least 1, got 0',
    () => classifier(dense(3)).fit(few, { epochs: 0 }),
  ],
  [
    'SHAPE',
    "loss: must give the losses of 9 rows, [9] or [9, …], got []. Honour { reduction: 'none' }.",
    () => classifier(dense(3), { loss: (logits) => logits.runtime.tensor(0) }).fit(few, { runtime }),
  ],
])('%s %s', async (code, message, run) => {
  await expect(async () => await run()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  expect(runtime.live().tensors).toBe(0);
});

test('a file of another network or another input shape is refused, and nothing is left', async () => {
  const saved = await (await classifier(dense(3)).fit(few, { epochs: 1, runtime })).save();
  const before = runtime.live().tensors;
  await expect(classifier(sequential(dense(3))).restore(saved, { runtime })).rejects.toThrow(
    'restore(): the config in the file must have the layer',
  );
  const wide = {
    ...saved,
    header: { ...saved.header, preprocessing: { kind: 'values', shape: [5], dtype: 'float32' } },
  };
  await expect(classifier(dense(3)).restore(wide, { runtime })).rejects.toThrow(
    "the probe's input must have the shape [2, 5], got [2, 2]",
  );
  const { 'params.bias': _, ...less } = saved.arrays;
  await expect(classifier(dense(3)).restore({ ...saved, arrays: less }, { runtime })).rejects.toThrow(
    "the file must have an array 'params.bias', got none",
  );
  expect(runtime.live().tensors).toBe(before);
});
