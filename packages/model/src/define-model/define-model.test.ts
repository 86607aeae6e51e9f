/** What `defineModel` makes of a model: fit, predict, evaluate, save, restore, and each wrong use. Long: one small model serves all cases. */
import {
  type Callback,
  type Checkpoint,
  type Data,
  type Inputs,
  isDendriteError,
  type Metric,
  type ProgressEvent,
  type SavedModel,
} from '@dendrite/spec';
import { beforeEach, describe, expect, test } from 'vitest';
import { arraySource } from '../array-source/array-source.ts';
import { stopOnNaN } from '../callbacks/stop-on-nan.ts';
import { fromBytes, toBytes } from '../index.ts';
import { tableFromRows } from '../table/table-from-rows.ts';
import { leastSquares } from './least-squares.fixture.ts';
import { centroidLife, nearestCentroid } from './nearest-centroid.fixture.ts';

/** Three clusters, twelve rows, around (0, 0), (4, 0) and (0, 4). */
const near = [
  [0.3, -0.2],
  [-0.3, 0.2],
  [0.2, 0.1],
  [-0.2, -0.1],
];
const x = [
  [0, 0],
  [4, 0],
  [0, 4],
].flatMap(([a = 0, b = 0]) => near.map(([c = 0, d = 0]) => [a + c, b + d]));
const y = ['none', 'right', 'up'].flatMap((label) => [label, label, label, label]);
const rows = x.map(([a = 0, b = 0], i) => ({ b, label: y[i] ?? '', a }));

const hits: Metric<{ right: number; weight: number }> = {
  '~dendrite': 'metric',
  name: 'hits',
  task: 'classification',
  init: () => ({ right: 0, weight: 0 }),
  update(state, { expected, predicted, sampleWeight }) {
    for (let i = 0; i < expected.length; i++) {
      const weight = sampleWeight?.[i] ?? 1;
      state.weight += weight;
      if (expected[i] === predicted[i]) state.right += weight;
    }
    return state;
  },
  merge: (a, b) => ({ right: a.right + b.right, weight: a.weight + b.weight }),
  value: ({ right, weight }) => right / weight,
};
const parts: Metric<number> = {
  ...hits,
  name: 'parts',
  task: 'any',
  init: () => 0,
  update: (n) => n + 1,
  merge: (a, b) => a + b,
  value: (n) => n,
};
const squared: Metric<number> = {
  ...parts,
  name: 'squared',
  task: 'regression',
  update: (sum, { expected, predicted }) =>
    sum + Array.from(expected).reduce<number>((s, e, i) => s + (Number(e) - Number(predicted[i])) ** 2, 0),
};

beforeEach(() => Object.assign(centroidLife, { states: 0, cores: 0 }));

describe('a model', () => {
  test('is frozen data until it is fitted', () => {
    const model = nearestCentroid();
    expect(model).toMatchObject({
      '~dendrite': 'model',
      meta: { name: 'test/nearest-centroid' },
      config: { batchSize: 8 },
      capabilities: { task: 'classification', data: 'batches' },
    });
    expect(Object.isFrozen(model)).toBe(true);
    expect('predict' in model).toBe(false);
  });

  const table = tableFromRows(rows);
  const source = arraySource({
    x: { data: Float32Array.from(x.flat()), shape: [12, 2] },
    targets: y.map((label) => ['none', 'right', 'up'].indexOf(label)),
    labels: ['none', 'right', 'up'],
  });
  test.each<[string, Data, Inputs]>([
    [
      'nested arrays',
      { x, y },
      [
        [3.8, 0.1],
        [0.1, 3.7],
        [0.5, 0.4],
        [9, 0],
      ],
    ],
    [
      'an array with its shape',
      { x: { data: Float64Array.from(x.flat()), shape: [12, 2] }, y },
      { data: new Float32Array([3.8, 0.1, 0.1, 3.7, 0.5, 0.4, 9, 0]), shape: [4, 2] },
    ],
    [
      'rows',
      { rows, target: 'label' },
      [
        { a: 3.8, b: 0.1 },
        { b: 3.7, a: 0.1 },
        { a: 0.5, b: 0.4 },
        { a: 9, b: 0 },
      ],
    ],
    [
      'a table',
      { table, target: 'label' },
      tableFromRows([
        { b: 0.1, a: 3.8 },
        { b: 3.7, a: 0.1 },
        { b: 0.4, a: 0.5 },
        { b: 0, a: 9 },
      ]),
    ],
    [
      'a source',
      source,
      arraySource({ x: { data: new Float32Array([3.8, 0.1, 0.1, 3.7, 0.5, 0.4, 9, 0]), shape: [4, 2] } }),
    ],
  ])('learns from %s', async (_, data, inputs) => {
    const fitted = await nearestCentroid().fit(data, { seed: 7, epochs: 2 });
    expect(await fitted.predict(inputs)).toEqual(['right', 'up', 'none', 'right']);
    expect(fitted.labels).toEqual(['none', 'right', 'up']);
    const { data: p, shape } = await fitted.predictProbabilities(inputs);
    expect(shape).toEqual([4, 3]);
    for (let i = 0; i < 4; i++) expect(p.slice(3 * i, 3 * i + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(await fitted.evaluate(data, { top: hits, parts })).toEqual({ top: 1, parts: 4 });
    expect(centroidLife).toEqual({ states: 0, cores: 1 });
    fitted.dispose();
    expect(centroidLife.cores).toBe(0);
  });

  test('standardises tables on the training part alone', async () => {
    const fitted = await nearestCentroid().fit({ rows, target: 'label' }, { epochs: 1 });
    const { header } = await fitted.save();
    const [b, a] = (header.preprocessing as { columns: { name: string; mean: number; deviation: number }[] }).columns;
    expect([b?.name, a?.name]).toEqual(['b', 'a']);
    expect(a?.mean).toBeCloseTo(4 / 3, 10);
    const held = await (await nearestCentroid().fit({ rows, target: 'label' }, { epochs: 1, validation: 0.25 })).save();
    const means = (held.header.preprocessing as { columns: { mean: number }[] }).columns.map(({ mean }) => mean);
    expect(means[1]).not.toBe(a?.mean);
  });

  test('labels come back as they were given', async () => {
    const numbers = await nearestCentroid().fit({
      x,
      y: y.map((label) => ({ none: 10, right: 9, up: -1 })[label] ?? 0),
    });
    expect([numbers.labels, await numbers.predict([[4, 0]])]).toEqual([[-1, 9, 10], [9]]);
    const booleans = await nearestCentroid().fit({ x, y: y.map((label) => label === 'up') });
    expect([
      booleans.labels,
      await booleans.predict([
        [0, 4],
        [4, 0],
      ]),
    ]).toEqual([
      [false, true],
      [true, false],
    ]);
    const bytes = await nearestCentroid().fit({ x, y: Uint8Array.from(y, (label) => label.length) });
    expect(await bytes.predict([[0, 4]])).toEqual([2]);
    const unlabelled = await nearestCentroid().fit(
      arraySource({
        x: { data: Float32Array.from(x.flat()), shape: [12, 2] },
        targets: y.map((label) => label.length),
      }),
    );
    expect([unlabelled.labels, await unlabelled.predict([[0, 4]])]).toEqual([[2, 4, 5], [2]]);
  });

  test('the seed decides; the default is 0', async () => {
    const centroids = async (options: { seed?: number }): Promise<readonly number[]> =>
      (await nearestCentroid({ batchSize: 2 }).fit({ x, y }, { epochs: 1, validation: 0.25, ...options })).centroids();
    expect(await centroids({ seed: 5 })).toEqual(await centroids({ seed: 5 }));
    expect(await centroids({})).toEqual(await centroids({ seed: 0 }));
    expect(await centroids({ seed: 5 })).not.toEqual(await centroids({ seed: 6 }));
  });

  test('weights of rows and classes are what a row counts', async () => {
    const one = { x: [[0], [2], [10], [20]], y: ['a', 'a', 'b', 'b'] };
    const at = async (data: Data, options: object = {}): Promise<readonly number[]> =>
      (await nearestCentroid().fit(data, { epochs: 1, ...options })).centroids();
    expect(await at(one)).toEqual([1, 15]);
    const weighted = await at({ ...one, sampleWeight: [3, 1, 0, 2] });
    expect(weighted[0]).toBeCloseTo(0.5, 12);
    expect(weighted[1]).toBeCloseTo(20, 12);
    const balanced = (
      await nearestCentroid().fit(
        { x: [[0], [2], [4], [10]], y: ['a', 'a', 'a', 'b'] },
        { epochs: 1, classWeight: 'balanced' },
      )
    ).save();
    const counts = (await balanced).arrays.counts?.data ?? [];
    expect(counts[0]).toBeCloseTo(2, 5);
    expect(counts[1]).toBeCloseTo(2, 5);
  });

  test('evaluate: weights count, labels in another order too', async () => {
    const fitted = await nearestCentroid().fit({ x, y });
    const wrong = {
      x: [
        [0, 0],
        [0, 0],
        [0, 4],
      ],
      y: ['none', 'up', 'up'],
    };
    expect((await fitted.evaluate(wrong, { hits })).hits).toBeCloseTo(2 / 3, 12);
    expect((await fitted.evaluate({ ...wrong, sampleWeight: [1, 6, 1] }, { hits })).hits).toBeCloseTo(0.25, 12);
    const other = arraySource({
      x: { data: new Float32Array([0, 0, 0, 4]), shape: [2, 2] },
      targets: [1, 0],
      labels: ['up', 'none'],
      sampleWeight: [1, 3],
    });
    expect(await fitted.evaluate(other, { hits })).toEqual({ hits: 1 });
  });

  test('history has one entry an epoch; progress has been told', async () => {
    const told: ProgressEvent[] = [];
    const { history } = await nearestCentroid().fit(
      { x, y },
      { epochs: 3, validation: 0.25, onProgress: (event) => told.push(event) },
    );
    expect(history).toEqual(told);
    expect(history.map(({ done, of, examples }) => [done, of, examples])).toEqual([
      [1, 3, 9],
      [2, 3, 18],
      [3, 3, 27],
    ]);
    expect(history.every(({ metrics }) => (metrics['validation.loss'] ?? -1) >= 0)).toBe(true);
    expect(Object.keys(history[0] ?? {}).sort()).toEqual(['done', 'examples', 'metrics', 'of', 'seconds', 'unit']);
  });

  test('validation data of another form', async () => {
    const { history } = await nearestCentroid().fit(
      { rows, target: 'label' },
      { epochs: 1, validation: { table: tableFromRows(rows.slice(0, 5)), target: 'label' } },
    );
    expect(history[0]?.metrics['validation.loss']).toBeGreaterThan(0);
  });

  test('predicting in pieces, none, and until it is aborted', async () => {
    const fitted = await nearestCentroid().fit({ x, y });
    expect(await fitted.predict(x)).toEqual(y);
    expect(await fitted.predict([])).toEqual([]);
    expect(await fitted.predictProbabilities([])).toEqual({ data: new Float32Array(0), shape: [0, 3] });
    const controller = new AbortController();
    controller.abort();
    await expect(fitted.predict(x, { signal: controller.signal })).rejects.toThrow(
      'predict(): stopped by its signal after 0 rows.',
    );
  });

  test('a disposed model says so', async () => {
    const fitted = await nearestCentroid().fit({ x, y });
    fitted.dispose();
    fitted.dispose();
    for (const use of [
      () => fitted.predict(x),
      () => fitted.save(),
      () => fitted.evaluate({ x, y }, { hits }),
      () => fitted.predictProbabilities(x),
    ]) {
      const error = await use().catch((caught: unknown) => caught);
      expect(isDendriteError(error, 'DISPOSED')).toBe(true);
    }
    expect(centroidLife.cores).toBe(0);
  });
});

describe('a model on columns', () => {
  // z = 2 u − 3 v + 1, exactly.
  const points = [
    [1, 2],
    [3, 1],
    [2, 5],
    [0, 1],
    [4, 4],
    [1, 0],
  ].map(([u = 0, v = 0]) => ({ u, v, z: 2 * u - 3 * v + 1 }));

  test('finds the plane; importance and out-of-bag are there, probabilities are not', async () => {
    const fitted = await leastSquares().fit({ rows: points, target: 'z' });
    const [answer = 0] = await fitted.predict([{ v: 10, u: 10 }]);
    expect(answer).toBeCloseTo(-9, 6);
    const importance = await fitted.importance();
    expect(importance.map(({ name }) => name)).toEqual(['u', 'v']);
    expect(importance[1]?.value).toBeCloseTo(3, 6);
    expect(fitted.outOfBag.score).toBe(0.5);
    expect(fitted.outOfBag.predictions[0]).toBeCloseTo(-3, 6);
    expect('predictProbabilities' in fitted || 'labels' in fitted || 'params' in fitted).toBe(false);
    const { error } = await fitted.evaluate({ rows: points, target: 'z' }, { error: squared });
    expect(error).toBeCloseTo(0, 8);
  });

  test.each<[string, Data, Inputs]>([
    ['arrays', { x: points.map(({ u, v }) => [u, v]), y: points.map(({ z }) => z) }, [[10, 10]]],
    [
      'bytes',
      {
        x: { data: Uint8Array.from(points.flatMap(({ u, v }) => [u, v])), shape: [6, 2] },
        y: Float32Array.from(points, ({ z }) => z),
      },
      { data: new Uint8Array([10, 10]), shape: [1, 2] },
    ],
    [
      'a source',
      arraySource({
        x: { data: Float32Array.from(points.flatMap(({ u, v }) => [u, v])), shape: [6, 2] },
        targets: points.map(({ z }) => z),
        names: ['u', 'v'],
      }),
      [{ v: 10, u: 10 }],
    ],
    ['a table', { table: tableFromRows(points), target: 'z' }, tableFromRows([{ v: 10, u: 10 }])],
  ])('learns from %s', async (_, data, inputs) => {
    const fitted = await leastSquares().fit(data, { validation: 0.2, seed: 1 });
    const [answer = 0] = await fitted.predict(inputs);
    expect(answer).toBeCloseTo(-9, 4);
    const again = await leastSquares().restore(fromBytes(toBytes(await fitted.save())));
    expect(await again.predict(inputs)).toEqual([answer]);
  });

  test('gaps: masked where the model bears them, named where not', async () => {
    const gaps = [...points, { u: null, v: 1, z: 1 }];
    const fitted = await leastSquares('mask').fit({ rows: gaps, target: 'z' });
    expect(await fitted.predict([{ u: null, v: null }])).toHaveLength(1);
    await expect(leastSquares('error').fit({ rows: gaps, target: 'z' })).rejects.toThrow(
      "got none in row 6, column 'u'",
    );
  });

  test('weights of rows, also of a source', async () => {
    const constant = { x: [[1], [1]], y: [0, 10], sampleWeight: [1, 3] };
    expect((await (await leastSquares().fit(constant)).predict([[1]]))[0]).toBeCloseTo(7.5, 8);
    const source = arraySource({
      x: { data: new Float32Array([1, 1]), shape: [2, 1] },
      targets: [0, 10],
      sampleWeight: [1, 3],
    });
    expect((await (await leastSquares().fit(source)).predict([[1]]))[0]).toBeCloseTo(7.5, 8);
  });

  test('cannot go on from a file, and says so', async () => {
    const saved = await (await leastSquares().fit({ rows: points, target: 'z' })).save();
    await expect(leastSquares().fit({ rows: points, target: 'z' }, { from: saved })).rejects.toThrow(
      "got `from` and the capability resume: 'none'",
    );
    await expect(leastSquares().run({ rows: points, target: 'z' }).checkpoint()).rejects.toThrow("resume: 'none'");
  });
});

describe('wrong use', () => {
  const model = nearestCentroid();
  test.each<[string, () => Promise<unknown>, string, string]>([
    ['no rows', () => model.fit({ x: [], y: [] }), 'DATA', 'fit(): the data must have at least one row, got 0.'],
    [
      'one class',
      () => model.fit({ x, y: y.map(() => 'a') }),
      'DATA',
      "fit(): a classifier must see at least two classes, got only 'a' in 12 rows",
    ],
    [
      'continuous targets',
      () =>
        model.fit({
          x: Array.from({ length: 60 }, (_, i) => [i]),
          y: Float64Array.from({ length: 60 }, (_, i) => i + 0.5),
        }),
      'DATA',
      'got 60 different numbers in 60 rows. Use a regression model.',
    ],
    [
      'text for a regression',
      // @ts-expect-error the compiler refuses it too
      () => leastSquares().fit({ x, y }),
      'DATA',
      "fit(): a regression model's targets must be finite numbers, got 'none' in row 0. Convert it, or use a classifier.",
    ],
    [
      'infinite targets',
      () => leastSquares().fit({ x: [[1], [2]], y: [1, Number.POSITIVE_INFINITY] }),
      'DATA',
      'got Infinity in row 1',
    ],
    [
      'labels for a regression',
      () =>
        leastSquares().fit(
          // @ts-expect-error the compiler refuses it too
          arraySource({ x: { data: new Float32Array(2), shape: [2, 1] }, targets: [0, 1], labels: ['a', 'b'] }),
        ),
      'DATA',
      "got a source with labels 'a', 'b'",
    ],
    [
      'only a target column',
      () => model.fit({ rows: [{ t: 1 }, { t: 2 }], target: 't' }),
      'DATA',
      'the data must have a column besides the target',
    ],
    [
      'an example without numbers',
      () => model.fit({ x: { data: new Float32Array(0), shape: [2, 0] }, y: [0, 1] }),
      'DATA',
      'an example must have at least one number',
    ],
    [
      'a misspelt option',
      () => model.fit({ x, y }, { epoch: 3 } as object),
      'OPTION',
      "an option must be one of epochs, seed, signal, runtime, validation, classWeight, from, checkpoint, sameAs, callbacks, onProgress, got 'epoch'. Did you mean 'epochs'?",
    ],
    [
      'an option out of range',
      () => model.fit({ x, y }, { epochs: 0 }),
      'OPTION',
      'fit(): epochs must be a whole number of at least 1, got 0.',
    ],
    [
      'one callback without its list',
      () => model.fit({ x, y }, { callbacks: stopOnNaN() } as object),
      'OPTION',
      'fit(): callbacks must be a list of callbacks, each a name and on(event, run)',
    ],
    [
      'a function as a callback',
      () => model.fit({ x, y }, { callbacks: [() => {}] } as object),
      'OPTION',
      'fit(): callbacks must be a list of callbacks, each a name and on(event, run)',
    ],
    [
      'weights of rows beside the data',
      () => model.fit({ x, y }, { sampleWeight: [1, 2] } as object),
      'OPTION',
      'Put it into the data: { x, y, sampleWeight }.',
    ],
    ['a seed that is none', () => model.fit({ x, y }, { seed: -1 }), 'OPTION', 'the seed must be an integer'],
    [
      'a fraction of 1',
      () => model.fit({ x, y }, { validation: 1 }),
      'OPTION',
      'fit() validation: the fraction to hold out must be above 0 and below 1, got 1',
    ],
    [
      'validation of no rows',
      () => model.fit({ x, y }, { validation: { x: [], y: [] } }),
      'DATA',
      'fit() validation: the data must have at least one row',
    ],
    [
      'an unseen validation label',
      () => model.fit({ x, y }, { validation: { x: [[1, 1]], y: ['down'] } }),
      'DATA',
      "fit() validation: a label must be one of those seen in training ('none', 'right', 'up'), got 'down' in row 0",
    ],
    [
      'validation of another shape',
      () => model.fit({ x, y }, { validation: { x: [[1]], y: ['up'] } }),
      'SHAPE',
      'fit() validation: inputs must have the shape of training, [rows, 2], got [rows, 1]',
    ],
    [
      'a class weight for a regression',
      () => leastSquares().fit({ x: [[1], [2]], y: [1, 2] }, { classWeight: 'balanced' }),
      'OPTION',
      'classWeight is for classifiers',
    ],
    [
      'a metric that is a name',
      async () => (await model.fit({ x, y })).evaluate({ x, y }, { hits: 'hits' as never }),
      'OPTION',
      "evaluate(): hits must be a metric, got 'hits'",
    ],
    [
      'a metric of the other task',
      async () => (await model.fit({ x, y })).evaluate({ x, y }, { squared }),
      'OPTION',
      "squared must be a metric for classification, got 'squared', which is for regression",
    ],
    [
      'an unseen label to evaluate',
      async () => (await model.fit({ x, y })).evaluate({ x: [[1, 1]], y: ['down'] }, { hits }),
      'DATA',
      "evaluate(): a label must be one of those seen in training ('none', 'right', 'up'), got 'down' in row 0",
    ],
    [
      'nothing to evaluate',
      async () => (await model.fit({ x, y })).evaluate({ x: [], y: [] }, { hits }),
      'DATA',
      'evaluate(): the data must have at least one row',
    ],
    [
      'NaN to predict for',
      async () => (await model.fit({ x, y })).predict([[1, Number.NaN]]),
      'DATA',
      'predict(): x must be finite numbers, got NaN in row 0, column 1. Fill it in, leave the row out, or give rows',
    ],
    [
      'whole numbers of 64 bits',
      // @ts-expect-error numbers are float64, float32, int32 or uint8
      () => model.fit({ x: { data: new BigInt64Array(2), shape: [1, 2] }, y: ['up'] }),
      'DATA',
      'fit(): x must hold numbers, got a BigInt64Array. Convert it: Float32Array.from(data, Number).',
    ],
    [
      'bytes to go on from',
      // @ts-expect-error bytes are to be read first
      () => model.fit({ x, y }, { from: new Uint8Array(9) }),
      'OPTION',
      'fit(): a saved model or checkpoint is needed, got bytes. Read them: fromBytes(bytes).',
    ],
    [
      'a fitted model to go on from',
      // @ts-expect-error a fitted model is to be saved first
      async () => model.fit({ x, y }, { from: await model.fit({ x, y }) }),
      'OPTION',
      'fit(): a saved model or checkpoint is needed, got something else. Save a fitted model first: await fitted.save().',
    ],
    [
      'bytes to restore',
      // @ts-expect-error bytes are to be read first
      () => model.restore(new Uint8Array(9)),
      'OPTION',
      'a saved model or checkpoint is needed, got bytes.',
    ],
  ])('%s', async (_, use, code, message) => {
    const error = await use().catch((caught: unknown) => caught);
    expect(String(error)).toContain(message);
    expect(isDendriteError(error) && error.code).toBe(code);
  });

  test('undefined options are as if not given', async () => {
    const options: object = { epochs: undefined, validation: undefined, seed: undefined };
    expect((await model.fit({ x, y }, options)).history).toHaveLength(4);
  });
});

describe('save and restore', () => {
  const model = nearestCentroid();
  const fit = async (): Promise<SavedModel> => (await model.fit({ rows, target: 'label' }, { seed: 9 })).save();

  test('the header says what it is; the file gives the same answers', async () => {
    const fitted = await model.fit({ rows, target: 'label' }, { seed: 9 });
    const saved = fromBytes(toBytes(await fitted.save()));
    expect(saved.header).toMatchObject({
      format: 'dendrite',
      version: 1,
      model: { name: 'test/nearest-centroid' },
      config: { batchSize: 8 },
      task: 'classification',
      labels: ['none', 'right', 'up'],
      seed: 9,
      probe: { tolerance: 1e-4 },
      extra: { width: 2 },
      packages: { '@dendrite/model': expect.any(String), 'test/nearest-centroid': '1.0.0' },
    });
    expect(saved.header.data).toMatch(/^[0-9a-f]{64}$/);
    expect([saved.arrays['probe.input']?.shape, saved.arrays['probe.output']?.shape]).toEqual([
      [2, 2],
      [2, 3],
    ]);
    const again = await model.restore(saved, { labels: ['up', 'none', 'right'] });
    expect(await again.predict(rows)).toEqual(y);
    expect(await again.predictProbabilities(rows)).toEqual(await fitted.predictProbabilities(rows));
    expect(await again.save()).toEqual(saved);
    expect(again.centroids()).toEqual(fitted.centroids());
    expect(again.history).toEqual([]);
  });

  test('the probe is nobody’s row, and lies among the rows', async () => {
    const saved = await (await model.fit({ x, y })).save();
    const probe = saved.arrays['probe.input']?.data ?? [];
    expect(x.some(([a, b]) => a === probe[0] && b === probe[1])).toBe(false);
    expect(Array.from(probe).every((value) => value >= -0.5 && value <= 4.5)).toBe(true);
    const bytes = await (
      await model.fit({ x: { data: new Uint8Array([0, 10, 250, 255]), shape: [4, 1] }, y: [0, 0, 1, 1] })
    ).save();
    expect(bytes.arrays['probe.input']?.dtype).toBe('uint8');
  });

  test('the fingerprint is that of the data as given', async () => {
    const of = async (data: Data, options: object = {}): Promise<string> =>
      (await (await model.fit(data, options)).save()).header.data;
    const first = await of({ x, y });
    expect(await of({ x, y }, { validation: 0.25, seed: 3 })).toBe(first);
    expect(await of({ x: x.map((row) => row.map((value) => value + 1)), y })).not.toBe(first);
    expect(await of({ x, y: [...y].reverse() })).not.toBe(first);
  });

  test.each<[string, (saved: SavedModel) => SavedModel, string]>([
    [
      'another model',
      (s) => ({ ...s, header: { ...s.header, model: { ...s.header.model, name: 'other' } } }),
      "restore(): the saved model must be a 'test/nearest-centroid', got a 'other'",
    ],
    [
      'another task',
      (s) => ({ ...s, header: { ...s.header, task: 'regression' } }),
      'the task must be classification, got regression',
    ],
    [
      'another config',
      (s) => ({ ...s, header: { ...s.header, config: { batchSize: 4 } } }),
      'the config in the file must be {"batchSize":8}, got {"batchSize":4}',
    ],
    [
      'no labels',
      ({ header: { labels: _, ...header }, ...s }) => ({ ...s, header }),
      'the labels must be at least one, got none',
    ],
    [
      'broken preprocessing',
      (s) => ({ ...s, header: { ...s.header, preprocessing: 5 } }),
      'preprocessing must be an object',
    ],
    [
      'a changed parameter',
      (s) => ({
        ...s,
        arrays: { ...s.arrays, centroids: { dtype: 'float64', shape: [3, 2], data: new Float64Array(6) } },
      }),
      'the loaded model must answer its probe as when it was saved, within 0.0001, got',
    ],
    [
      'a probe of another shape',
      (s) => ({
        ...s,
        arrays: { ...s.arrays, 'probe.input': { dtype: 'float32', shape: [1, 4], data: new Float32Array(4) } },
      }),
      "the probe's input must have the shape [2, 2], got [1, 4]",
    ],
    [
      'another format',
      (s) => ({ ...s, header: { ...s.header, version: 2 as 1 } }),
      "the format must be 'dendrite' version 1, got 'dendrite' version 2",
    ],
  ])('refuses %s', async (_, change, message) => {
    const saved = await fit();
    const before = centroidLife.cores;
    const error = await model.restore(change(saved)).catch((caught: unknown) => caught);
    expect(String(error)).toContain(message);
    expect(isDendriteError(error, 'FORMAT')).toBe(true);
    expect(centroidLife.cores).toBe(before);
  });

  test('the probe’s error says by how much; within its tolerance all is well', async () => {
    const saved = await fit();
    const output = saved.arrays['probe.output'];
    const moved = (by: number): SavedModel => ({
      ...saved,
      arrays: {
        ...saved.arrays,
        'probe.output': {
          dtype: 'float32',
          shape: [2, 3],
          data: Float32Array.from(output?.data ?? [], (value, i) => value + (i === 4 ? by : 0)),
        },
      },
    });
    await expect(model.restore(moved(0.01))).rejects.toThrow(/at element 4 \(off by 0\.0100\)/);
    await expect(model.restore(moved(Number.NaN))).rejects.toThrow('off by Infinity');
    await model.restore(moved(1e-5));
  });

  test('refuses other labels than the file’s', async () => {
    const saved = await fit();
    await expect(model.restore(saved, { labels: ['none', 'right'] })).rejects.toThrow(
      "restore(): labels must be those of the file ('none', 'right', 'up'), got 'none', 'right'.",
    );
  });
});

describe('going on', () => {
  const model = nearestCentroid({ batchSize: 2 });

  test('from a checkpoint: the bits of the run that was never broken', async () => {
    const whole = await model.fit({ x, y }, { seed: 4, epochs: 5 });
    const run = model.run({ x, y }, { seed: 4, epochs: 5 });
    let checkpoint: Checkpoint | undefined;
    for await (const { done } of run) {
      if (done !== 2) continue;
      checkpoint = await run.checkpoint();
      break;
    }
    expect((await run.result).stopped).toBe('break');
    expect(checkpoint?.cursor).toEqual({ epoch: 2, batch: 0, step: 0 });
    const from = fromBytes(toBytes(checkpoint ?? (await whole.save())));
    const resumed = await model.fit({ x, y }, { epochs: 5, from });
    expect(resumed.centroids()).toEqual(whole.centroids());
    expect(resumed.history.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5]);
    await expect(model.fit({ x: [...x].reverse(), y }, { epochs: 5, from })).rejects.toThrow(
      'fit(): the data must be those of the checkpoint (fingerprint ',
    );
    await expect(model.fit({ x, y }, { epochs: 5, from, seed: 5 })).rejects.toThrow(
      'the seed must be that of the checkpoint, 4, got 5',
    );
    await expect(nearestCentroid({ batchSize: 3 }).fit({ x, y }, { from })).rejects.toThrow(
      'the config in the file must be {"batchSize":3}, got {"batchSize":2}',
    );
  });

  test('from a saved model: its labels and preprocessing stay', async () => {
    const saved = await (await model.fit({ rows, target: 'label' }, { epochs: 1 })).save();
    const more = await model.fit({ rows: rows.slice(0, 6), target: 'label' }, { epochs: 1, from: saved });
    expect(more.labels).toEqual(['none', 'right', 'up']);
    expect((await more.save()).header.preprocessing).toEqual(saved.header.preprocessing);
    await expect(
      model.fit({ rows: [{ a: 1, b: 1, label: 'down' }], target: 'label' }, { from: saved }),
    ).rejects.toThrow("got 'down' in row 0");
  });

  test('callbacks go on too', async () => {
    const told: unknown[] = [];
    const callback = (memory: number): Callback => ({
      name: 'memory',
      on: () => {},
      save: () => memory,
      restore: (state) => void told.push(state),
    });
    const run = model.run({ x, y }, { callbacks: [callback(42)] });
    let checkpoint: Checkpoint | undefined;
    for await (const _ of run) checkpoint ??= await run.checkpoint();
    expect(checkpoint?.callbacks).toEqual({ memory: 42 });
    if (checkpoint) await model.fit({ x, y }, { from: checkpoint, callbacks: [callback(0)] });
    expect(told).toEqual([42]);
  });
});

test('aborted or broken: nothing of it is left', async () => {
  const controller = new AbortController();
  const run = nearestCentroid().fit(
    { x, y },
    {
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 2) controller.abort();
      },
    },
  );
  await expect(run).rejects.toThrow('after 2 of 4 epochs');
  await expect(
    nearestCentroid().fit(
      { x, y },
      {
        onProgress: () => {
          throw new Error('mine');
        },
      },
    ),
  ).rejects.toThrow('mine');
  expect(centroidLife).toEqual({ states: 0, cores: 0 });
});
