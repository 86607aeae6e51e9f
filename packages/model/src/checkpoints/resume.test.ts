/** A run that is started again by the same call: it goes on by itself to the same end, or says what is not the same. */
// Long: one model serves all cases.
import type { Callback, CheckpointStore, FitOptions, ProgressEvent } from '@dendrite/spec';
import { beforeEach, describe, expect, test } from 'vitest';
import { earlyStopping } from '../callbacks/early-stopping.ts';
import { leastSquares } from '../define-model/least-squares.fixture.ts';
import { centroidLife, nearestCentroid } from '../define-model/nearest-centroid.fixture.ts';
import { bestCheckpoint, lastCheckpoint } from './find.ts';
import { memoryStore } from './memory-store.ts';

const x = Array.from({ length: 23 }, (_, i) => [Math.sin(i * 12.9) + (i % 2), Math.cos(i * 3.1)]);
const y = x.map((_, i) => (i % 2 === 0 ? 'even' : 'odd'));
const data = { x, y };
/** Values for `validation.loss`, whose best is in the middle: what training reports improves for too long. */
const bumpy = [5, 3, 4, 2, 1, 3, 2, 2, 9, 9, 9, 9];
const bump: Callback = {
  name: 'bump',
  on({ done, metrics }) {
    Object.assign(metrics, { bumpy: bumpy[done - 1] });
  },
};
const options = {
  epochs: 10,
  seed: 3,
  validation: 0.2,
  get callbacks() {
    return [bump, earlyStopping({ monitor: 'bumpy', patience: 4 })];
  },
} satisfies FitOptions & { readonly epochs: number };
const ended = ({ unit, done, of, metrics }: ProgressEvent) => ({ unit, done, of, metrics });

beforeEach(() => Object.assign(centroidLife, { states: 0, cores: 0 }));

/** Aborts a run at its event number `at`. */
async function killAt(at: number, store: CheckpointStore): Promise<void> {
  const controller = new AbortController();
  await expect(
    nearestCentroid().fit(data, {
      ...options,
      checkpoint: { store },
      signal: controller.signal,
      onProgress: ({ done }) => done === at && controller.abort(),
    }),
  ).rejects.toMatchObject({ code: 'ABORTED' });
}

test.each([1, 2, 5, 6, 8])('killed after epoch %i, it ends with the same model, history and reason', async (at) => {
  const whole = await nearestCentroid().fit(data, options);
  expect(whole.stopped).toContain('bumpy has not improved for 4 reports (epoch 9; best 1)');
  const store = memoryStore();
  await killAt(at, store);
  expect(centroidLife).toEqual({ states: 0, cores: 1 });
  const told: number[] = [];
  const resumed = await nearestCentroid().fit(data, {
    ...options,
    checkpoint: { store },
    onProgress: ({ done }) => told.push(done),
  });
  expect(told).toEqual(Array.from({ length: 9 - at }, (_, i) => at + 1 + i));
  expect((await resumed.save()).arrays).toEqual((await whole.save()).arrays);
  expect(resumed.history.map(ended)).toEqual(whole.history.map(ended));
  expect(resumed.stopped).toBe(whole.stopped);
  const seconds = resumed.history.map((event) => event.seconds);
  expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  // The same call once more only reads.
  const again = await nearestCentroid().fit(data, {
    ...options,
    checkpoint: { store },
    onProgress: () => told.push(0),
  });
  expect((await again.save()).arrays).toEqual((await whole.save()).arrays);
  expect([again.stopped, told.includes(0)]).toEqual([whole.stopped, false]);
  for (const model of [whole, resumed, again]) model.dispose();
  expect(centroidLife).toEqual({ states: 0, cores: 0 });
});

test('a run that was stopped by hand goes on; without callbacks too', async () => {
  const store = memoryStore();
  const run = nearestCentroid().run(data, { epochs: 6, checkpoint: { store } });
  for await (const { done } of run) if (done === 2) run.stop('enough');
  expect((await run.result).stopped).toBe('enough');
  const resumed = await nearestCentroid().fit(data, { epochs: 6, checkpoint: { store } });
  const whole = await nearestCentroid().fit(data, { epochs: 6 });
  expect(resumed.centroids()).toEqual(whole.centroids());
  expect(resumed.stopped).toBeUndefined();
});

test('two callbacks of one name keep their own memories', async () => {
  const store = memoryStore();
  const callbacks = [
    bump,
    earlyStopping({ monitor: 'bumpy', patience: 7, restoreBest: false }),
    earlyStopping({ monitor: 'loss', patience: 7, restoreBest: false }),
  ];
  await nearestCentroid().fit(data, { epochs: 4, callbacks, checkpoint: { store } });
  expect((await lastCheckpoint(store))?.callbacks).toEqual({
    earlyStopping: { best: 2, waited: 0 },
    'earlyStopping 2': { best: 0.25, waited: 0 },
  });
});

describe('what is kept', () => {
  const names = async (store: CheckpointStore): Promise<string[]> =>
    (await store.list()).map((name) => name.replace(/-step.*$/, '')).sort();

  test('the newest, and the best', async () => {
    const store = memoryStore();
    await store.write('notes.txt', new Uint8Array(1));
    await nearestCentroid().fit(data, {
      epochs: 8,
      callbacks: [bump],
      checkpoint: { store, every: { epochs: 2 }, keep: { last: 3, best: 'bumpy' } },
    });
    expect(await names(store)).toEqual(['epoch-5', 'epoch-6', 'epoch-8', 'notes.txt']);
    expect((await lastCheckpoint(store))?.cursor.epoch).toBe(8);
    expect((await bestCheckpoint(store))?.cursor.epoch).toBe(5);
    const kept = await bestCheckpoint(store);
    if (kept === undefined) throw new Error('must be there');
    const best = await nearestCentroid().restore(kept);
    expect(best.centroids()).toEqual((await nearestCentroid().fit(data, { epochs: 5 })).centroids());
  });

  test('the default: two, every epoch; nothing is found in an empty store', async () => {
    const store = memoryStore();
    expect([await lastCheckpoint(store), await bestCheckpoint(store)]).toEqual([undefined, undefined]);
    await nearestCentroid().fit(data, { epochs: 5, checkpoint: { store } });
    expect(await names(store)).toEqual(['epoch-4', 'epoch-5']);
    expect(await bestCheckpoint(store)).toBeUndefined();
  });

  test.each<[string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>]>([
    ['cut off', (bytes) => bytes.slice(0, -1)],
    ['half written', (bytes) => bytes.slice(0, bytes.length >> 1)],
    ['empty', () => new Uint8Array(0)],
    ['changed in one bit', (bytes) => bytes.map((byte, i) => (i === bytes.length - 3 ? byte ^ 1 : byte))],
  ])('a checkpoint that is %s is passed over, and cleared away later', async (_, damage) => {
    const store = memoryStore();
    const whole = await nearestCentroid().fit(data, { epochs: 9 });
    await nearestCentroid().fit(data, { ...{ epochs: 9 }, checkpoint: { store, every: { epochs: 3 } } });
    const name = (await store.list()).find((each) => each.startsWith('epoch-9-')) ?? '';
    await store.write(name, damage(Uint8Array.from((await store.read(name)) ?? [])));
    expect((await lastCheckpoint(store))?.cursor.epoch).toBe(6);
    const told: number[] = [];
    const resumed = await nearestCentroid().fit(data, {
      epochs: 9,
      checkpoint: { store, every: { epochs: 1 } },
      onProgress: ({ done }) => told.push(done),
    });
    expect(told).toEqual([7, 8, 9]);
    expect(resumed.centroids()).toEqual(whole.centroids());
    expect(await names(store)).toEqual(['epoch-8', 'epoch-9']);
  });

  test('a store that fails ends the run with its error, and frees everything', async () => {
    const failing = { ...memoryStore(), write: () => Promise.reject(new Error('disk full')) };
    await expect(nearestCentroid().fit(data, { epochs: 9, checkpoint: { store: failing } })).rejects.toThrow(
      'disk full',
    );
    await expect(nearestCentroid().fit(data, { epochs: 1, checkpoint: { store: failing } })).rejects.toThrow(
      'disk full',
    );
    expect(centroidLife).toEqual({ states: 0, cores: 0 });
  });
});

describe('what changed is named before anything runs', () => {
  const base = { epochs: 6, seed: 3, validation: { x: x.slice(3), y: y.slice(3) }, classWeight: { even: 1, odd: 2 } };
  test.each<[what: string, code: string, message: string, change: () => Promise<unknown>]>([
    ['nothing', '', '', () => started(data, base)],
    [
      'the data',
      'DATA',
      'must have the data of its checkpoint in memoryStore(), where data is "',
      () => started({ x: x.slice(1), y: y.slice(1) }, base),
    ],
    ['the validation data', 'DATA', 'the validation of', () => started(data, { ...base, validation: { x, y } })],
    [
      'a fraction instead',
      'DATA',
      ', got 0.1. Give the same validation data, or another store to begin anew.',
      () => started(data, { ...base, validation: 0.1 }),
    ],
    ['the config', 'OPTION', 'where config.batchSize is 8, got 4. Make the model', () => started(data, base, 4)],
    ['an option', 'OPTION', 'where options.epochs is 6, got 7', () => started(data, { ...base, epochs: 7 })],
    ['the seed', 'OPTION', 'where seed is 3, got 0', () => started(data, { ...base, seed: 0 })],
    [
      'a weight',
      'OPTION',
      'where classWeight.odd is 2, got 3',
      () => started(data, { ...base, classWeight: { even: 1, odd: 3 } }),
    ],
    [
      'a callback',
      'OPTION',
      'where callbacks.0 is absent, got {"name":"earlyStopping"',
      () => started(data, { ...base, callbacks: [earlyStopping()] }),
    ],
  ])('%s', async (_, code, message, change) => {
    const error: unknown = await change().then(
      () => undefined,
      (caught: unknown) => caught,
    );
    if (code === '') expect(error).toBeUndefined();
    else expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(centroidLife.states).toBe(0);
  });
  /** A run of three epochs, then the changed one in its store. */
  async function started(given: typeof data, changed: object, batchSize = 8): Promise<unknown> {
    const store = memoryStore();
    const run = nearestCentroid().run(data, { ...base, checkpoint: { store } });
    for await (const { done } of run) if (done === 3) run.stop();
    await run.result;
    let told = 0;
    try {
      return await nearestCentroid({ batchSize }).fit(given, {
        ...changed,
        checkpoint: { store },
        onProgress: () => told++,
      });
    } catch (error) {
      expect(told).toBe(0);
      throw error;
    }
  }

  test('a version', async () => {
    const store = memoryStore();
    await nearestCentroid().fit(data, { epochs: 2, checkpoint: { store } });
    const { toBytes } = await import('@dendrite/safetensors');
    const { digestOf } = await import('./checkpoint-file.ts');
    const old = await lastCheckpoint(store);
    if (old === undefined) throw new Error('must be there');
    const bytes = toBytes({
      ...old,
      cursor: { ...old.cursor, step: 9 },
      header: { ...old.header, packages: { ...old.header.packages, '@dendrite/model': '0.0.1' } },
    });
    await store.write(`epoch-2-step-9-${await digestOf(bytes)}.safetensors`, bytes);
    await expect(nearestCentroid().fit(data, { epochs: 2, checkpoint: { store } })).rejects.toMatchObject({
      code: 'FORMAT',
      message: expect.stringContaining(
        'where packages.@dendrite/model is "0.0.1", got "0.1.0". Install the versions that began it',
      ),
    });
  });

  test('the store of another model names both', async () => {
    const store = memoryStore();
    await nearestCentroid().fit(data, { epochs: 2, checkpoint: { store } });
    const { toBytes } = await import('@dendrite/safetensors');
    const { digestOf } = await import('./checkpoint-file.ts');
    const old = await lastCheckpoint(store);
    if (old === undefined) throw new Error('must be there');
    const bytes = toBytes({
      ...old,
      cursor: { ...old.cursor, step: 9 },
      header: { ...old.header, model: { ...old.header.model, name: 'acme/other' } },
    });
    await store.write(`epoch-2-step-9-${await digestOf(bytes)}.safetensors`, bytes);
    await expect(nearestCentroid().fit(data, { epochs: 2, checkpoint: { store } })).rejects.toMatchObject({
      code: 'FORMAT',
      message: expect.stringContaining(
        'where model.name is "acme/other", got "test/nearest-centroid". Make the model that began it',
      ),
    });
  });
});

test.each<[string, string, object]>([
  ['a store of another kind', 'checkpoint.store must be a store, got runs/a', { store: 'runs/a' }],
  ['no count', 'checkpoint.every must have a whole number of at least 1 as steps, got 0.', { every: 0 }],
  [
    'a unit that there is not',
    "checkpoint.every must name steps, epochs, trees or seconds, got 'epoch'",
    { every: { epoch: 1 } },
  ],
  ['nothing named', 'checkpoint.every must name', { every: {} }],
  ['null', 'checkpoint.every must be a number of steps or trees, or name', { every: null }],
  ['a text', 'checkpoint.every must be a number of steps or trees, or name', { every: '5' }],
  ['a misspelt part', "checkpoint must have no parts but store, every, keep, got 'evry'", { evry: 5 }],
  [
    'a misspelt part of keep',
    "checkpoint.keep must have no parts but last, best, got 'newest'",
    { keep: { newest: 5 } },
  ],
  ['no time', 'must have seconds above 0 as seconds, got 0', { every: { seconds: 0 } }],
  ['none kept', 'checkpoint.keep.last must be a whole number of at least 1, got 0', { keep: { last: 0 } }],
  [
    'a metric that is not reported',
    "checkpoint.keep.best must be a metric that is reported (loss), got 'validation.loss'. Fit with",
    { keep: { best: 'validation.loss' } },
  ],
])('wrong use: %s', async (_, message, rule) => {
  await expect(
    nearestCentroid().fit(data, { epochs: 1, checkpoint: { store: memoryStore(), ...rule } }),
  ).rejects.toMatchObject({ code: 'OPTION', message: expect.stringContaining(message) });
});

test('a model that cannot go on says so', async () => {
  await expect(
    leastSquares().fit({ x: [[1], [2]], y: [1, 2] }, { checkpoint: { store: memoryStore() } }),
  ).rejects.toThrow(
    "fit(): 'test/least-squares' must be able to go on from a checkpoint, got `checkpoint` and the capability resume: 'none'.",
  );
});

test('by seconds: the first event after them', async () => {
  const store = memoryStore();
  await nearestCentroid().fit(data, { epochs: 4, checkpoint: { store, every: { seconds: 1e6 }, keep: { last: 9 } } });
  expect(await store.list()).toHaveLength(1);
});
