/** Steps that one call makes together: the bits, the events and what can be done at each of them are those of steps by themselves. */
import { createRuntime, relu } from '@dendrite/core';
import { arraySource } from '@dendrite/model';
import { adam, averaged, cosineDecay, scheduled, sgd } from '@dendrite/optimizers';
import type { Batch, Checkpoint, DataSource, FitOptions, Optimizer, ProgressEvent, SavedModel } from '@dendrite/spec';
import { afterAll, expect, test, vi } from 'vitest';
import { batchNorm, classifier, dense, dropout, network, regressor, sequential } from '../index.ts';
import { Bundle } from './on-demand.ts';

const runtime = await createRuntime();
const rows = 42;
const x = Array.from({ length: rows }, (_, i) => [Math.sin(i), Math.cos(2 * i), (i % 7) / 7]);
const y = x.map(([a = 0, b = 0]) => (a * b > 0 ? 'same' : 'other'));
const numbers = { x, y: x.map(([a = 0, b = 0]) => a + 2 * b) };
const net = sequential(dense(5), relu, dropout(0.2), dense(2));
/** 10 batches an epoch, and one of two rows. */
const options = { epochs: 24, batchSize: 4, seed: 3, runtime };
const perEpoch = 11;

const make = vi.spyOn(Bundle.prototype, 'make');
/** How many steps were made in one call at most, since it was asked last. */
const mostTogether = (): number => {
  const sizes = make.mock.results.map(({ value }) => value.steps);
  make.mockClear();
  return Math.max(0, ...sizes);
};
/** Steps that take no time are made together, those of 5 ms by themselves. */
let now = 0;
let tick = 0;
const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += tick));
async function inOneCall<T>(train: () => T | Promise<T>): Promise<T> {
  tick = 0;
  const done = await train();
  expect(mostTogether()).toBe(10);
  return done;
}
async function oneByOne<T>(train: () => T | Promise<T>): Promise<T> {
  tick = 5;
  const done = await train();
  expect(mostTogether()).toBe(0);
  return done;
}
afterAll(() => {
  clock.mockRestore();
  make.mockRestore();
});

type Options = FitOptions & { readonly epochs?: number };
type AnyFit = (options: Options) => Promise<{
  save(): Promise<SavedModel>;
  readonly history: readonly ProgressEvent[];
  dispose(): void;
}>;
const untimed = ({ seconds: _, ...event }: ProgressEvent): object => event;
const bits = ({ arrays, header }: SavedModel): object => ({
  arrays: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, Array.from(data)])),
  extra: header.extra,
});

/** What a training comes to: its file, its epochs, and what a watcher is told. */
async function outcome(fit: AnyFit, watched: boolean): Promise<object> {
  const events: object[] = [];
  const onProgress = (event: ProgressEvent): void => void events.push(untimed(event));
  const fitted = await fit({ ...options, ...(watched && { onProgress }) });
  const { history } = fitted;
  const file = bits(await fitted.save());
  fitted.dispose();
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
  return { file, epochs: history.map(untimed), ...(watched && { events }) };
}

const trainings: readonly (readonly [string, AnyFit])[] = [
  [
    'dropout under Adam and a schedule',
    (given) =>
      classifier(net, { optimizer: scheduled(adam({ learningRate: 0.05 }), cosineDecay({ steps: 200 })) }).fit(
        { x, y },
        given,
      ),
  ],
  [
    'batch norm, accumulated and clipped gradients, a loss scale',
    (given) =>
      classifier(sequential(dense(4), batchNorm(), relu, dense(2)), {
        optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
        accumulate: 3,
        clip: { globalNorm: 0.5 },
        lossScale: 'adaptive',
      }).fit({ x, y }, given),
  ],
  [
    'weights of rows and classes, an average, validation',
    (given) =>
      classifier(net, { optimizer: averaged(adam(), { decay: 0.9 }) }).fit(
        { x, y, sampleWeight: x.map((_, i) => i % 3) },
        { ...given, classWeight: 'balanced', validation: { x, y } },
      ),
  ],
  ['a regression', (given) => regressor(sequential(dense(5), relu, dense(1))).fit(numbers, given)],
  [
    'bytes',
    (given) =>
      classifier(dense(2)).fit(
        { x: { data: Uint8Array.from({ length: rows * 3 }, (_, i) => (i * i) % 251), shape: [rows, 3] }, y },
        given,
      ),
  ],
];
test.each(trainings)('%s: one call for many steps changes nothing', async (_, fit) => {
  const expected = await oneByOne(() => outcome(fit, true));
  expect(await inOneCall(() => outcome(fit, true))).toEqual(expected);
  expect(await inOneCall(() => outcome(fit, false))).toEqual({ ...expected, events: undefined });
});

test('what is kept, remembered and decided at any step is as it was behind that step', async () => {
  const model = classifier(net, { optimizer: adam({ learningRate: 0.05 }) });
  /** In the midst of calls, behind the first and the last step of one, and at the odd batch. */
  const places = [61, 3 * perEpoch + 1, 8 * perEpoch + 10, 9 * perEpoch];
  const at = 13 * perEpoch + 6;
  const train = async (): Promise<object> => {
    const kept: Checkpoint[] = [];
    const fitted = await model.fit(
      { x, y },
      {
        ...options,
        callbacks: [
          {
            name: 'all that a callback may do',
            async on({ unit, done }, run) {
              if (unit !== 'batch') return;
              if (places.includes(done)) kept.push(await run.checkpoint());
              if (done === at) run.stop('enough');
            },
          },
        ],
      },
    );
    const remembering = await model.fit(
      { x, y },
      {
        ...options,
        callbacks: [
          { name: 'r', on: ({ done, unit }, run) => (unit === 'batch' && done === at ? run.remember() : undefined) },
        ],
      },
    );
    const all = { kept: kept.map(bits), cursors: kept.map(({ cursor }) => cursor), stopped: fitted.stopped };
    const files = [bits(await fitted.save()), bits(await remembering.save())];
    fitted.dispose();
    remembering.dispose();
    expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
    expect(kept).toHaveLength(places.length);
    return { ...all, files };
  };
  const expected = await oneByOne(train);
  expect(await inOneCall(train)).toEqual(expected);
});

test('a run that went on from the midst of a call ends as if it had not stopped', async () => {
  const model = classifier(net, { optimizer: adam({ learningRate: 0.05 }) });
  const whole = await oneByOne(() => model.fit({ x, y }, options));
  const rest = await inOneCall(async () => {
    let kept: Checkpoint | undefined;
    const run = model.run({ x, y }, options);
    for await (const { unit, done } of run) {
      if (unit !== 'batch' || done !== 5 * perEpoch + 4) continue;
      kept = await run.checkpoint();
      run.stop();
    }
    (await run.result).dispose();
    return model.fit({ x, y }, { ...options, ...(kept && { from: kept }) });
  });
  expect(bits(await rest.save())).toEqual(bits(await whole.save()));
  expect(rest.history.map(untimed)).toEqual(whole.history.map(untimed));
  whole.dispose();
  rest.dispose();
});

test('a loss that is no number ends the run at its step, with the steps before told of', async () => {
  const plain = sgd();
  const wild: Optimizer = { ...plain, scalars: (step) => plain.scalars(step, step === 60 ? 1e38 : 0.01) };
  const train = async (): Promise<object> => {
    let last = 0;
    const run = classifier(net, { optimizer: wild }).fit(
      { x, y },
      { ...options, onProgress: ({ done, unit }) => void (unit === 'batch' && (last = done)) },
    );
    const message = await run.then(
      () => 'none',
      (error: Error) => error.message,
    );
    expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
    return { last, message };
  };
  const expected = await oneByOne(train);
  expect(expected).toMatchObject({ last: 60, message: expect.stringMatching(/got loss .* in step 61,/) });
  expect(await inOneCall(train)).toEqual(expected);
});

test('an abort in the midst of a call leaves nothing behind', async () => {
  const controller = new AbortController();
  const onProgress = ({ done }: ProgressEvent): void => void (done === 72 && controller.abort());
  const aborted = () => classifier(net).fit({ x, y }, { ...options, signal: controller.signal, onProgress });
  await inOneCall(() =>
    expect(aborted()).rejects.toMatchObject({ code: 'ABORTED', message: expect.stringContaining('72') }),
  );
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
});

test('batches of other forms in between are steps by themselves, and so is what a network() does', async () => {
  const all = arraySource({
    x: { data: Float32Array.from(x.flat()), shape: [rows, 3] },
    targets: y.map((each) => Number(each === 'same')),
    labels: ['other', 'same'],
  });
  /** Weights of rows in every seventh batch, and none behind the ninth. */
  const odd: DataSource<string> = {
    ...all,
    select: () => odd,
    async *batches(given) {
      let count = 0;
      for await (const batch of all.batches(given)) {
        const weighted: Batch = { ...batch, sampleWeight: new Float32Array(batch.rows).fill(1) };
        yield ++count % 7 === 6 ? weighted : batch;
      }
    },
  };
  const train = async (layer: typeof net): Promise<object> => {
    const fitted = await classifier(layer).fit(odd, options);
    const values = Object.values((await fitted.save()).arrays).map(({ data }) => Array.from(data));
    fitted.dispose();
    return values;
  };
  tick = 0;
  const mixed = await train(net);
  expect(mostTogether()).toBe(5);
  const own = network({ net }, (layers, z) => layers.net(z));
  const alone = await oneByOne(() => train(net));
  expect(mixed).toEqual(alone);
  tick = 0;
  await train(own as never);
  expect(mostTogether()).toBe(0);
});
