/** Trained networks and models of sequences as ONNX models, whole, beside their own answers. */
import { cnnLayers, conv2d, maxPool2d } from '@dendrite/cnn';
import { add, createRuntime, relu, softmax, tanh } from '@dendrite/core';
import { classifier, dense, flatten, network, regressor, sequential } from '@dendrite/nn';
import { toOnnx } from '@dendrite/nn/onnx';
import { hostKey, integers, normals } from '@dendrite/random';
import {
  characterLanguageModel,
  forecaster,
  gru,
  rnnLayers,
  sequenceClassifier,
  sequenceTagger,
} from '@dendrite/rnn-lstm';
import { toOnnx as sequenceToOnnx } from '@dendrite/rnn-lstm/onnx';
import { describe, expect, test } from 'vitest';
import { metadataOf } from './metadata.fixture.ts';
import { answered, close, given, opened } from './onnxruntime.fixture.ts';

const runtime = await createRuntime();
const fit = { seed: 1, runtime };

describe('networks of layers', () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({
    size: i / 3,
    colour: ['red', 'green', 'blue'][i % 3] ?? '',
    price: i * 2 + (i % 3),
  }));
  test('a regressor of a table takes its columns and answers in the units of its targets', async () => {
    const model = await regressor(sequential(dense(5), tanh, dense(1)), { epochs: 3 }).fit(
      { rows, target: 'price' },
      fit,
    );
    const asked = rows.slice(0, 4).map(({ size, colour }) => ({ size, colour }));
    const bytes = await toOnnx(await model.save());
    const { columns } = metadataOf(bytes);
    const categories = JSON.parse(columns ?? '')[1].categories as readonly string[];
    expect(JSON.parse(columns ?? '')).toEqual([{ name: 'size' }, { name: 'colour', categories }]);
    const x = asked.flatMap(({ size, colour }) => [size, ...categories.map((each) => Number(each === colour))]);
    const { prediction } = await answered(bytes, { x: given(Float32Array.from(x), [4, 4]) });
    expect(prediction?.dims).toEqual([4]);
    close(prediction?.data, await model.predict(asked));
  });

  test('a classifier of pictures takes bytes and gives probabilities', async () => {
    const data = Uint8Array.from(integers(hostKey(5), 12 * 64, 256));
    const y = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 'even' : 'odd'));
    const net = sequential(conv2d({ filters: 3, size: 3, activation: relu }), maxPool2d(2), flatten, dense(2));
    const model = await classifier(net, { epochs: 2 }).fit({ x: { data, shape: [12, 8, 8, 1] }, y }, fit);
    const bytes = await toOnnx(await model.save(), { with: [cnnLayers] });
    expect(metadataOf(bytes)).toEqual({ labels: '["even","odd"]' });
    for (const count of [1, 12]) {
      const part = { data: data.subarray(0, count * 64), shape: [count, 8, 8, 1] };
      const { probabilities } = await answered(bytes, { x: given(part.data, part.shape, 'uint8') });
      expect(probabilities?.dims).toEqual([count, 2]);
      close(probabilities?.data, (await model.predictProbabilities(part)).data);
    }
    await expect(toOnnx(await model.save())).rejects.toThrow(/'cnn\/conv2d', which none has/);
  });

  test('a classifier of sequences, of other lengths than it was trained on', async () => {
    const x = Float32Array.from(normals(hostKey(2), 10 * 5 * 2));
    const net = sequential(gru(4, { output: 'last' }), dense(2));
    const model = await classifier(net, { epochs: 1, scaling: 'none' }).fit(
      { x: { data: x, shape: [10, 5, 2] }, y: Array.from({ length: 10 }, (_, i) => i % 2) },
      fit,
    );
    const bytes = await toOnnx(await model.save(), { with: [rnnLayers], input: ['batch', 'steps', 2] });
    for (const [rows, steps] of [
      [10, 5],
      [25, 2],
      [1, 1],
    ] as const) {
      const part = x.subarray(0, rows * steps * 2);
      const { probabilities } = await answered(bytes, { x: given(part, [rows, steps, 2]) });
      const [logits] = net.apply(
        { params: model.params, state: model.state } as never,
        runtime.tensor(part, [rows, steps, 2]),
        {
          training: false,
          key: runtime.key(0),
        },
      );
      close(probabilities?.data, await softmax(logits).data());
    }
  });

  test('a network of a function, whose layer is given', async () => {
    const net = network({ stem: dense(4, { activation: tanh }), head: dense(2) }, ({ stem, head }, x) =>
      head(add(stem(x), stem(relu(x)))),
    );
    const x = Array.from({ length: 10 }, (_, i) => [i, (i * 7) % 5, -i]);
    const model = await classifier(net, { epochs: 2 }).fit({ x, y: x.map(([a = 0]) => a % 2) }, fit);
    const saved = await model.save();
    const { probabilities } = await answered(await toOnnx(saved, { layer: net }), {
      x: given(Float32Array.from(x.flat()), [10, 3]),
    });
    close(probabilities?.data, (await model.predictProbabilities(x)).data);
    await expect(toOnnx(saved)).rejects.toThrow(/a network holds a function/);
    await expect(toOnnx(saved, { layer: dense(2) })).rejects.toThrow(/an array 'params\.weight', got none/);
  });
});

describe('models of sequences', () => {
  const ragged = [
    [
      [1, 2],
      [3, 0],
      [2, 2],
    ],
    [[0, 1]],
    [
      [5, 1],
      [2, 2],
      [1, 4],
      [0, 3],
      [1, 1],
    ],
    [
      [2, 0],
      [1, 3],
    ],
  ];
  const padded = (steps: number) => ({
    x: given(
      Float32Array.from(
        ragged.flatMap((each) => Array.from({ length: steps * 2 }, (_, i) => each[i >> 1]?.[i & 1] ?? 7)),
      ),
      [ragged.length, steps, 2],
    ),
    lengths: given(
      Int32Array.from(ragged, ({ length }) => length),
      [ragged.length],
      'int32',
    ),
  });

  test.each(['lstm', 'gru', 'simpleRnn'] as const)(
    'a classifier with cells of %s, padded with anything',
    async (cell) => {
      const bidirectional = cell !== 'gru';
      const model = await sequenceClassifier({ cell, units: 5, layers: 2, bidirectional, epochs: 2 }).fit(
        { x: ragged, y: ['a', 'b', 'a', 'c'] },
        fit,
      );
      const bytes = await sequenceToOnnx(await model.save());
      expect(metadataOf(bytes)).toEqual({ labels: '["a","b","c"]' });
      const expected = (await model.predictProbabilities(ragged)).data;
      for (const steps of [5, 9]) close((await answered(bytes, padded(steps))).probabilities?.data, expected);
    },
  );

  test('a tagger', async () => {
    const y = ragged.map((each) => each.map(([a = 0, b = 0]) => ((a + b) % 2 > 0 ? 'up' : 'down')));
    const model = await sequenceTagger({ units: 4, epochs: 20 }).fit({ x: ragged, y }, fit);
    const found = (await answered(await sequenceToOnnx(await model.save()), padded(6))).probabilities;
    expect(found?.dims).toEqual([4, 6, 2]);
    const labels = ['down', 'up'];
    const tags = ragged.map((each, row) =>
      each.map(
        (_, t) => labels[Number((found?.data[(row * 6 + t) * 2 + 1] ?? 0) > (found?.data[(row * 6 + t) * 2] ?? 0))],
      ),
    );
    expect(tags).toEqual(await model.predict(ragged));
  });

  test('a forecaster, in the units of its series', async () => {
    const series = Array.from({ length: 40 }, (_, t) => 10 + 3 * Math.sin(t / 3));
    const model = await forecaster({ window: 7, horizon: 3, units: 4, epochs: 2 }).fit({ series }, fit);
    const x = given(Float32Array.from(series.slice(-7)), [1, 7, 1]);
    const { forecast } = await answered(await sequenceToOnnx(await model.save()), { x });
    expect(forecast?.dims).toEqual([1, 3]);
    close(forecast?.data, await model.forecast(series));
  });

  test.each(['lstm', 'gru'] as const)('a language model of characters (%s) reads on from its state', async (cell) => {
    const text = 'abcabdabc'.repeat(8);
    const model = await characterLanguageModel({
      cell,
      units: 5,
      layers: 2,
      steps: 4,
      embedding: 3,
      epochs: 2,
      batchSize: 3,
    }).fit({ text }, fit);
    const session = await opened(await sequenceToOnnx(await model.save()));
    const characters = Array.from(model.labels);
    const codes = Int32Array.from('abdac', (each) => characters.indexOf(each));
    const zeros = given(new Float32Array(10), [2, 1, 5]);
    const whole = await session.run({ codes: given(codes, [1, 5], 'int32'), hidden: zeros, cell: zeros });
    const front = await session.run({
      codes: given(codes.subarray(0, 2), [1, 2], 'int32'),
      hidden: zeros,
      cell: zeros,
    });
    const state = (name: string) => given(Float32Array.from(front[name]?.data ?? []), [2, 1, 5]);
    const rest = await session.run({
      codes: given(codes.subarray(2), [1, 3], 'int32'),
      hidden: state('nextHidden'),
      ...(cell === 'lstm' && { cell: state('nextCell') }),
    });
    const all = [...Array.from(front.probabilities?.data ?? []), ...Array.from(rest.probabilities?.data ?? [])];
    close(all, whole.probabilities?.data ?? []);
    let bits = 0;
    for (let t = 0; t < 4; t++) bits -= Math.log2(all[t * characters.length + (codes[t + 1] ?? 0)] ?? 0) / 4;
    close([bits], [await model.bitsPerCharacter('abdac')]);
    close(all.slice(3 * characters.length, 4 * characters.length), (await model.predictProbabilities(['abda'])).data);
    await session.close();
  });
});
