/** Models trained again from their files: the same bits, and what differs is named before anything runs. */
import { wasm } from '@dendrite/backend-wasm';
import { conv2d } from '@dendrite/cnn';
import { version as core, createRuntime, relu, reshape } from '@dendrite/core';
import { iris } from '@dendrite/datasets';
import { earlyStopping, replay, timeBudget } from '@dendrite/model';
import { classifier, dense, dropout, network, nnLayers, regressor, sequential } from '@dendrite/nn';
import { adam, optimizersTable } from '@dendrite/optimizers';
import { forestModels, randomForestClassifier, randomForestRegressor } from '@dendrite/random-forest';
import { lstm, rnnLayers, sequenceClassifier } from '@dendrite/rnn-lstm';
import { toBytes } from '@dendrite/safetensors';
import { type Data, isDendriteError, type Runtime, type SavedModel, type Tensor } from '@dendrite/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noisyRows } from '../plan-check/workloads.ts';

const tables = [nnLayers, optimizersTable, forestModels, rnnLayers];
const data = noisyRows(60, [6]);
let two: Runtime;
let one: Runtime;
beforeAll(async () => {
  two = await createRuntime({ backends: [wasm({ threads: 2, split: 'always' })], fallback: false });
  one = await createRuntime({ backends: [wasm({ threads: 1 })], fallback: false });
});
afterAll(async () => {
  await two.dispose();
  await one.dispose();
});

const net = () =>
  classifier(sequential(dense(12), relu, dropout(0.2), dense(10)), { optimizer: adam({ learningRate: 0.01 }) });
async function bytesOf(fitting: Promise<{ save(): Promise<SavedModel>; dispose(): void }>): Promise<Uint8Array> {
  const fitted = await fitting;
  const bytes = toBytes(await fitted.save());
  fitted.dispose();
  return bytes;
}

describe('the same bits', () => {
  test('a network with dropout, validation, weights and early stopping, on another number of threads', async () => {
    const options = {
      ...{ runtime: two, seed: 7, epochs: 30, batchSize: 16, validation: 0.2 },
      classWeight: 'balanced',
      callbacks: [earlyStopping({ monitor: 'validation.loss', patience: 1 }), timeBudget({ seconds: 600 })],
    } as const;
    const file = await bytesOf(net().fit(data, options));
    const { equal, difference, backend, elsewhere } = await replay(file, data, { with: tables, runtime: one });
    expect([equal, difference]).toEqual([true, 0]);
    expect(elsewhere).toEqual([]);
    expect(backend).toMatch(/^wasm \d+\.\d+\.\d+ \((relaxed )?SIMD\)$/);
  });

  test('forests of both kinds', async () => {
    const file = await bytesOf(randomForestClassifier({ trees: 9, maxDepth: 4 }).fit(await iris(), { seed: 2 }));
    expect(await replay(file, await iris(), { with: tables })).toMatchObject({
      equal: true,
      backend: null,
      elsewhere: [],
    });
    const numbers = { x: data.x, y: Float32Array.from({ length: 60 }, (_, i) => i) };
    const other = await bytesOf(randomForestRegressor({ trees: 5, workers: 1 }).fit(numbers, { validation: 0.3 }));
    expect((await replay(other, numbers, { with: tables })).equal).toBe(true);
  });

  test('a model over ragged sequences, and one that no table can make', async () => {
    const x = Array.from({ length: 12 }, (_, i) => Array.from({ length: 2 + (i % 4) }, (_, t) => [i % 2 ? t : -t]));
    const y = x.map((_, i) => (i % 2 ? 'up' : 'down'));
    const file = await bytesOf(sequenceClassifier({ units: 4 }).fit({ x, y }, { epochs: 2, runtime: one }));
    expect((await replay(file, { x, y }, { with: tables, runtime: one })).equal).toBe(true);
    const numbers = { x: data.x, y: Float32Array.from({ length: 60 }, (_, i) => i) };
    const twice = () =>
      regressor(
        sequential(dense(3), (value: Tensor) => relu(value), dense(1)),
        { epochs: 2 },
      );
    const own = await bytesOf(twice().fit(numbers, { runtime: one }));
    expect((await replay(own, numbers, { model: twice() as never, runtime: one })).equal).toBe(true);
  });

  test('a model that goes on from a saved one', async () => {
    const fitted = await net().fit(data, { runtime: one, epochs: 1 });
    const from = await fitted.save();
    fitted.dispose();
    const file = await bytesOf(net().fit(data, { runtime: one, epochs: 1, from }));
    expect((await replay(file, data, { with: tables, runtime: one, from })).equal).toBe(true);
    await expect(replay(file, data, { with: tables, runtime: one })).rejects.toThrow('fit(): the from must be');
  });
});

test('another backend: as near as float32 is, and what differs is named', async () => {
  const file = await bytesOf(net().fit(data, { runtime: one, epochs: 2 }));
  const { equal, difference, array, backend, elsewhere } = await replay(file, data, {
    with: tables,
    runtime: await createRuntime(),
  });
  expect(equal).toBe(difference === 0);
  expect(difference).toBeLessThan(1e-3);
  expect(array === undefined).toBe(equal);
  expect(backend).toMatch(/^cpu \d/);
  expect(elsewhere).toEqual([{ what: 'backend', before: expect.stringMatching(/^wasm .*SIMD\)$/), now: backend }]);
});

test('a file that another machine wrote, or a version before hosts were recorded: both are named', async () => {
  const fitted = await net().fit(data, { runtime: one, epochs: 1 });
  const { header, arrays } = await fitted.save();
  fitted.dispose();
  const written = (host: object | undefined): SavedModel => ({
    arrays,
    header: { ...header, training: { ...(header.training as object), host: host as never } },
  });
  const { processor, runtime } = (header.training as { readonly host: Record<string, string> }).host;
  const there = { processor: 'linux riscv64, C920', runtime: 'Node 99.0.0' };
  const { equal, elsewhere } = await replay(written(there), data, { with: tables, runtime: one });
  expect(equal).toBe(true);
  expect(elsewhere).toEqual([
    { what: 'processor', before: there.processor, now: processor },
    { what: 'runtime', before: there.runtime, now: runtime },
  ]);
  const old = await replay(written(undefined), data, { with: tables, runtime: one });
  expect(old.elsewhere.map(({ before }) => before)).toEqual(['unknown', 'unknown']);
});

test('a file names the version of every package that decided it', async () => {
  const layers = { look: conv2d({ filters: 2, size: 3 }), read: lstm(3, { output: 'last' }) };
  const net = network({ ...layers, head: dense(10) }, ({ look, read, head }, maps: Tensor) =>
    head(read(reshape(look(maps), [maps.shape[0] ?? 0, 16, 2]))),
  );
  const x = { data: Float32Array.from({ length: 60 * 36 }, (_, i) => Math.sin(i)), shape: [60, 6, 6, 1] };
  const fitted = await classifier(net, { epochs: 1 }).fit({ x, y: data.y }, { runtime: one });
  const { packages, training } = (await fitted.save()).header;
  fitted.dispose();
  expect(packages).toEqual({
    ...{ '@dendrite/core': core, '@dendrite/model': expect.any(String), '@dendrite/random': expect.any(String) },
    ...{ '@dendrite/nn': expect.any(String), '@dendrite/optimizers': expect.any(String) },
    ...{
      '@dendrite/cnn': expect.any(String),
      '@dendrite/rnn-lstm': expect.any(String),
      'nn/classifier': expect.any(String),
    },
  });
  expect(training).toMatchObject({ backend: { name: 'wasm', version: expect.any(String) } });
});

test.each([
  ['a path in place of bytes', 'file.safetensors', "got 'file.safetensors'. Read it first"],
  ['nothing', undefined, 'got undefined'],
  ['null', null, 'got null'],
  ['an object', {}, 'got object'],
])('%s is refused', async (_, given, text) => {
  const error: unknown = await replay(given as never, data).catch((reason: unknown) => reason);
  expect(isDendriteError(error, 'OPTION')).toBe(true);
  expect(String(error)).toContain(text);
});

test('without tables, what is missing is said', async () => {
  const file = await bytesOf(net().fit(data, { runtime: one, epochs: 1 }));
  await expect(replay(file, data)).rejects.toThrow("got 'nn/classifier', which none has (the tables are empty)");
});

describe('what differs is named before anything runs', () => {
  const changed = (): Data => {
    const other = Float32Array.from({ length: 360 }, (_, i) => i % 7);
    return { x: { data: other, shape: [60, 6] }, y: data.y };
  };
  const altered = async (change: (header: SavedModel['header']) => object): Promise<SavedModel> => {
    const fitted = await net().fit(data, { runtime: one, epochs: 1, seed: 4 });
    const { header, arrays } = await fitted.save();
    fitted.dispose();
    return { arrays, header: { ...header, ...change(header) } };
  };
  const told = async (saved: SavedModel, given: Data = data, more: object = {}): Promise<unknown> => {
    let events = 0;
    const options = { with: tables, runtime: one, onProgress: () => events++, ...more };
    const error: unknown = await replay(saved, given, options).catch((reason: unknown) => reason);
    expect(events).toBe(0);
    return error;
  };

  test.each([
    ['the data', () => ({}), changed, 'DATA', "the data must be the same as in the saved model's training"],
    [
      'a version',
      ({ packages }: SavedModel['header']) => ({ packages: { ...packages, '@dendrite/nn': '0.0.9' } }),
      () => data,
      'FORMAT',
      'packages.@dendrite/nn is "0.0.9", got "0.1.0"',
    ],
    [
      'a file that does not say how it was trained',
      () => ({ training: undefined }),
      () => data,
      'FORMAT',
      'the file must say with what its model was trained',
    ],
    [
      'validation data that are not there',
      ({ training }: SavedModel['header']) => ({ training: { ...(training as object), validation: 'f00d' } }),
      () => data,
      'OPTION',
      'options.validation must be the data',
    ],
    [
      'a callback that nobody knows',
      ({ training }: SavedModel['header']) => ({
        training: { ...(training as object), callbacks: [{ name: 'mine', config: null }] },
      }),
      () => data,
      'OPTION',
      "got none for 'mine'",
    ],
    [
      'a list of callbacks that is none',
      ({ training }: SavedModel['header']) => ({ training: { ...(training as object), callbacks: [null] } }),
      () => data,
      'FORMAT',
      'the file must hold the names of callbacks, got null',
    ],
    [
      'options that no callback takes',
      ({ training }: SavedModel['header']) => ({
        training: { ...(training as object), callbacks: [{ name: 'earlyStopping', config: null }] },
      }),
      () => data,
      'FORMAT',
      'the file must hold the options of earlyStopping, got null',
    ],
    [
      'a run that the clock stopped while early stopping watched it',
      ({ training }: SavedModel['header']) => ({
        training: {
          ...(training as object),
          callbacks: [earlyStopping(), timeBudget({ seconds: 1 })].map(({ name, config }) => ({ name, config })),
          stopped: 'the time budget of 1 s is used up',
        },
      }),
      () => data,
      'OPTION',
      'got one that was stopped: the time budget',
    ],
    [
      'a run that somebody stopped',
      ({ training }: SavedModel['header']) => ({ training: { ...(training as object), stopped: 'enough' } }),
      () => data,
      'OPTION',
      'got one that was stopped: enough',
    ],
  ] as const)('%s', async (_, change, given, code, text) => {
    const error = await told(await altered(change as (header: SavedModel['header']) => object), given());
    expect(isDendriteError(error, code)).toBe(true);
    expect(String(error)).toContain(text);
  });

  test('other validation data', async () => {
    const error = await told(await altered(() => ({})), data, { validation: 0.2 });
    expect(isDendriteError(error, 'DATA')).toBe(true);
    expect(String(error)).toContain(
      "the validation must be the same as in the saved model's training, where validation is null, got 0.2",
    );
  });
});

test('a file remembers its training when its model is restored and saved again', async () => {
  const fitted = await net().fit(data, { runtime: one, epochs: 1 });
  const saved = await fitted.save();
  const restored = await net().restore(saved, { runtime: one });
  expect((await restored.save()).header).toEqual(saved.header);
  restored.dispose();
  fitted.dispose();
});
