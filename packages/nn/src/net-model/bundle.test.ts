/** Steps that one call makes together, while nobody looks at single ones: the bits are those of steps by themselves, whatever goes wrong. */
import { createRuntime, relu } from '@dendrite/core';
import { arraySource, earlyStopping } from '@dendrite/model';
import { adam, averaged, cosineDecay, scheduled, sgd } from '@dendrite/optimizers';
import {
  type Batch,
  type DataSource,
  DendriteError,
  type FitOptions,
  type Optimizer,
  type ProgressEvent,
  type SavedModel,
} from '@dendrite/spec';
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

const many = Bundle.prototype.make;
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

/** What a training comes to: its file and its epochs. */
async function outcome(fit: AnyFit): Promise<object> {
  const fitted = await fit(options);
  const { history } = fitted;
  const file = bits(await fitted.save());
  fitted.dispose();
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
  return { file, epochs: history.map(untimed) };
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
  const expected = await oneByOne(() => outcome(fit));
  expect(await inOneCall(() => outcome(fit))).toEqual(expected);
});

const [, plain] = trainings[0] as (typeof trainings)[number];

test.each([0, 1, 2, 3, 4, 9, 14])(
  'no memory for many at once, found at their allocation %i: one by one',
  async (fails) => {
    const expected = await oneByOne(() => outcome(plain));
    const { device } = runtime;
    let left = Number.POSITIVE_INFINITY;
    const original = device.allocate.bind(device);
    const allocate = vi.spyOn(device, 'allocate').mockImplementation((bytes) => {
      if (left-- <= 0) {
        left = Number.POSITIVE_INFINITY;
        throw new DendriteError('BACKEND', 'allocate(): memory must suffice, got none.');
      }
      return original(bytes);
    });
    make.mockImplementationOnce(function (this: Bundle, now) {
      left = fails;
      return many.call(this, now);
    });
    tick = 0;
    expect(await outcome(plain)).toEqual(expected);
    allocate.mockRestore();
    expect(mostTogether()).toBe(1);
  },
);

test('who is told of single steps may steer what comes next: nothing is read ahead', async () => {
  const all = arraySource({ x: { data: Float32Array.from(x.flat()), shape: [rows, 3] }, targets: numbers.y });
  let told = 0;
  const steered: DataSource<number> = {
    ...all,
    async *batches(given) {
      for await (const batch of all.batches(given))
        yield {
          ...batch,
          sampleWeight: new Float32Array(batch.rows).fill(1 + (told % 3)),
          x: { ...batch.x, data: batch.x.data.map((value) => value + told / 1000) },
        };
    },
  };
  const train = async (given: object): Promise<object> => {
    told = 0;
    const fitted = await regressor(sequential(dense(4), relu, dense(1))).fit(steered, { ...options, ...given });
    const file = bits(await fitted.save());
    fitted.dispose();
    return file;
  };
  const onProgress = ({ done }: ProgressEvent): void => void (told = done);
  const expected = await oneByOne(() => train({ onProgress }));
  tick = 0;
  expect(await train({ onProgress })).toEqual(expected);
  expect(await train({ callbacks: [{ name: 'steers', on: onProgress }] })).toEqual(expected);
  expect(mostTogether()).toBe(0);
});

test('early stopping does not look at single steps, and stops as it would', async () => {
  const train = async (): Promise<object> => {
    const callbacks = [earlyStopping({ monitor: 'loss', patience: 2, minDelta: 0.02 })];
    const fitted = await classifier(net, { optimizer: adam({ learningRate: 0.02 }) }).fit(
      { x, y },
      { ...options, epochs: 40, callbacks },
    );
    const { stopped, history } = fitted;
    const file = bits(await fitted.save());
    fitted.dispose();
    return { stopped, file, epochs: history.map(untimed) };
  };
  const expected = await oneByOne(train);
  expect(expected).toMatchObject({ stopped: expect.stringContaining('has not improved') });
  expect(await inOneCall(train)).toEqual(expected);
});

test('what goes wrong with a step is told before what goes wrong with reading on', async () => {
  const usual = sgd();
  const all = arraySource({ x: { data: Float32Array.from(x.flat()), shape: [rows, 3] }, targets: numbers.y });
  /** An error at the batch of that number. */
  const broken = (at: number): DataSource<number> => {
    let count = 0;
    return {
      ...all,
      async *batches(given) {
        for await (const batch of all.batches(given)) {
          if (++count === at) throw new Error('the file has ended');
          yield batch;
        }
      },
    };
  };
  const message = async (source: DataSource<number>, optimizer: Optimizer): Promise<string> => {
    const run = regressor(sequential(dense(4), relu, dense(1)), { optimizer }).fit(source, options);
    const text = await run.then(
      () => 'none',
      (error: Error) => error.message,
    );
    expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
    return text;
  };
  const wild: Optimizer = { ...usual, scalars: (step) => usual.scalars(step, step === 60 ? 1e38 : 0.01) };
  const late: Optimizer = {
    ...wild,
    scalars(step, rate) {
      if (step === 64) throw new Error('the schedule has ended');
      return wild.scalars(step, rate);
    },
  };
  // The first batch is read once before training.
  for (const train of [
    () => message(broken(200), wild),
    () => message(broken(64 + 12), wild),
    () => message(all, late),
  ]) {
    expect(await oneByOne(train)).toMatch(/got loss .* in step 61,/);
    expect(await inOneCall(train)).toMatch(/got loss .* in step 61,/);
  }
  expect(await inOneCall(() => message(broken(150), usual))).toBe('the file has ended');
});

test('step scalars of other names at some steps', async () => {
  const usual = sgd();
  const optimizer: Optimizer = {
    ...usual,
    scalars: (step) => ({ ...usual.scalars(step, 0.01), ...(step % 7 === 0 && { extra: 1 }) }),
  };
  const train = () => outcome((given) => classifier(net, { optimizer }).fit({ x, y }, given));
  const expected = await oneByOne(train);
  tick = 0;
  expect(await train()).toEqual(expected);
  expect(mostTogether()).toBe(6);
});

test('an abort between epochs leaves nothing behind', async () => {
  const controller = new AbortController();
  const callbacks = [
    { name: 'aborts', skipsBatches: true, on: ({ done }: ProgressEvent) => void (done === 12 && controller.abort()) },
  ];
  const aborted = () => classifier(net).fit({ x, y }, { ...options, signal: controller.signal, callbacks });
  await inOneCall(() => expect(aborted()).rejects.toMatchObject({ code: 'ABORTED' }));
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
