/** State dicts of PyTorch in layers of ours: the outputs are torch's own (see make_torch_files.py), and what does not fit is told. Long: one list of layers. */
import { readFileSync } from 'node:fs';
import {
  hierarchicalAttention,
  learnedPositions,
  multiHeadAttention,
  transformerDecoderLayer,
  transformerEncoderLayer,
} from '@dendrite/attention';
import {
  cnnLayers,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  depthwiseConv2d,
  maxPool2d,
  separableConv2d,
} from '@dendrite/cnn';
import { createRuntime, gelu, relu, tanh } from '@dendrite/core';
import { load } from '@dendrite/model';
import {
  batchNorm,
  classifier,
  dense,
  embedding,
  flatten,
  groupNorm,
  layerNorm,
  network,
  nnLayers,
  prelu,
  regressor,
  residual,
  sequential,
  tied,
} from '@dendrite/nn';
import { fittedFromTorch, fromTorch } from '@dendrite/nn/torch';
import { randomForestClassifier } from '@dendrite/random-forest';
import { gru, lstm, simpleRnn } from '@dendrite/rnn-lstm';
import { readSafetensors, toBytes } from '@dendrite/safetensors';
import { isDendriteError, type Layer, type SavedArray, type Tensor, type Tree } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';

const runtime = await createRuntime();
const arraysOf = (name: string): Readonly<Record<string, SavedArray>> =>
  readSafetensors(new Uint8Array(readFileSync(new URL(`../../torch/${name}.safetensors`, import.meta.url)))).arrays;

const encoder = { heads: 2, feedForward: 8 };
interface Case {
  readonly name: string;
  readonly layer: unknown;
  readonly modules?: readonly string[];
}
type Row = readonly [name: string, layer: unknown, modules?: readonly string[]];
const rows: readonly Row[] = [
  ['cnn', sequential(conv2d({ filters: 3, size: 3, padding: 1 }), batchNorm(), relu, maxPool2d(2), flatten, dense(4))],
  [
    'shortcut',
    sequential(
      conv2d({ filters: 4, size: 3, activation: relu }),
      residual(conv2d({ filters: 4, size: 3, padding: 1, activation: relu })),
      flatten,
      dense(5, { activation: tanh }),
      dense(3),
    ),
    ['conv1', 'conv2', 'fc1', 'fc2'],
  ],
  ['flat-norm', sequential(flatten, batchNorm(), dense(3))],
  ['groups', sequential(conv2d({ filters: 6, size: 3, groups: 2, bias: false }), groupNorm({ groups: 3 }))],
  ['depthwise', sequential(depthwiseConv2d({ size: [3, 2], stride: 2, multiplier: 2 }), prelu())],
  ['transposed', sequential(convTranspose2d({ filters: 3, size: 4, stride: 2, padding: 1 }))],
  ['transposed1d', sequential(convTranspose1d({ filters: 6, size: 3, stride: 2, groups: 2 }))],
  ['conv3d', sequential(conv3d({ filters: 3, size: 2 }), relu)],
  ['conv1d', sequential(conv1d({ filters: 4, size: 3 }), relu, flatten, dense(2))],
  ['lstm', lstm(4, { layers: 2, bidirectional: true }), ['lstm']],
  ['gru', gru(4, { layers: 2 }), ['gru']],
  ['rnn', network({ rnn: simpleRnn(4, { bidirectional: true }), head: dense(2) }, (l, x: Tensor) => l.head(l.rnn(x)))],
  ['embedding', sequential(embedding(7, 4), layerNorm(), dense(2, { bias: false }))],
  ['attention', multiHeadAttention({ heads: 2 }), ['attention']],
  [
    'encoder',
    sequential(
      transformerEncoderLayer({ ...encoder, norm: 'post', activation: relu }) as Layer,
      transformerEncoderLayer({ ...encoder, norm: 'pre', activation: gelu }) as Layer,
    ),
  ],
];

const laterRows: readonly Row[] = [
  [
    'separable',
    sequential(
      separableConv2d({ filters: 3, size: 3, padding: 1, multiplier: 2, activation: relu }),
      separableConv2d({ filters: 2, size: 2 }),
      flatten,
      dense(2),
    ),
    ['0', '2', '4'],
  ],
  [
    'hierarchy',
    sequential(
      hierarchicalAttention({ levels: [{ length: 3, encoder: gru(2, { bidirectional: true }) }, { encoder: gru(3) }] }),
      dense(2),
    ),
    [...['words', 'sentences'].flatMap((at) => ['rnn', 'project', 'question'].map((each) => `${at}.${each}`)), 'head'],
  ],
  ['tied', tied(embedding(5, 4), dense(4, { activation: tanh })), ['words', 'inner', 'decoder']],
  ['tied-plain', tied(embedding(5, 4), dense(4, { activation: tanh }), { bias: false }), ['words', 'inner', 'decoder']],
];

const cases = [...rows, ...laterRows].map(
  ([name, layer, modules]): Case => ({ name, layer, ...(modules && { modules }) }),
);

test.each(cases)('$name gives what it gives in torch', async ({ name, layer, modules }) => {
  const net = layer as Layer;
  const { x, y, ...arrays } = arraysOf(name);
  if (!x || !y) throw new Error('the file lacks x or y');
  const before = runtime.device.memory().buffers;
  const { params, state } = fromTorch(net, arrays, {
    input: [1, ...x.shape.slice(1)],
    prefix: 'model.',
    runtime,
    ...(modules && { modules }),
  });
  const found = runtime.scope(
    () =>
      net.apply({ params, state }, runtime.tensor(x.data, x.shape, x.dtype), {
        training: false,
        key: runtime.key(0),
      })[0],
  );
  expect(found.shape).toEqual(y.shape);
  const data = await found.data();
  for (let i = 0; i < data.length; i++) expect(data[i]).toBeCloseTo(y.data[i] as number, 5);
  const tensors = new Set<Tensor>();
  JSON.stringify([params, state], (_, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'dispose' in value) {
      tensors.add(value as Tensor);
      return 0;
    }
    return value;
  });
  for (const tensor of [...tensors, found]) tensor.dispose();
  expect(runtime.device.memory().buffers).toBe(before);
});

test('a decoder layer sees its memory as in torch', async () => {
  const { x, memory, y, ...arrays } = arraysOf('decoder');
  if (!x || !memory || !y) throw new Error('the file lacks x, memory or y');
  const layer = transformerDecoderLayer({ heads: 2, feedForward: 8, norm: 'post', activation: relu, causal: false });
  const { params, state } = fromTorch(layer as never, arrays, {
    input: { x: [1, 5, 6], memory: [1, 4, 6] },
    modules: ['model'],
    runtime,
  });
  const given = { x: runtime.tensor(x.data, x.shape), memory: runtime.tensor(memory.data, memory.shape) };
  const [found] = (layer as Layer<Tree, Tree, Tree>).apply({ params, state }, given, {
    training: false,
    key: runtime.key(0),
  });
  const data = await found.data();
  for (let i = 0; i < data.length; i++) expect(data[i]).toBeCloseTo(y.data[i] as number, 5);
});

const told = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isDendriteError(error)) return error.message;
    throw error;
  }
  return 'nothing was wrong';
};
const shortcut = cases.find(({ name }) => name === 'shortcut')?.layer as Layer;

test('what is missing, left over or of another shape is told with what would fit', () => {
  const { x: _, y: __, ...arrays } = arraysOf('shortcut');
  const options = { input: [1, 5, 4, 1], prefix: 'model.', runtime };
  const from = (modules?: readonly string[], layer = shortcut, more = {}): string =>
    told(() => fromTorch(layer, arrays, { ...options, ...(modules && { modules }), ...more }));
  expect(from()).toBe(
    "fromTorch(): layer '0' (cnn/conv2d) must have '0.weight' in the state dict, got none. Free are 'conv1.weight' [4, 1, 3, 3], 'conv2.weight' [4, 4, 3, 3], 'fc1.weight' [5, 24], 'fc2.weight' [3, 5]: name the modules in the order of the layers, modules: ['conv1', 'conv2', 'fc1', 'fc2'].",
  );
  expect(from(['conv1', 'conv2', 'fc1'])).toMatch(/got 3, none for layer '4' \(nn\/dense\)\. Those of the state dict/);
  expect(from(['conv1', 'conv2', 'fc1', 'fc2', 'fc3'])).toMatch(/4 layers with parameters, got 5\. Leave out 'fc3'/);
  expect(from(['conv1', 'fc1', 'conv2', 'fc2'])).toMatch(/'fc1\.weight' must have 4 axes for layer '1\.inner'/);
  expect(from(['conv1', 'conv2', 'fc2', 'fc1'])).toMatch(
    /params\.3\.weight must be \[24, 5\], got \[5, 3\] from module 'fc2'/,
  );
  const half = sequential(conv2d({ filters: 4, size: 3 }));
  expect(from(['conv1'], half as Layer)).toMatch(/got 6 that do not: 'conv2\.weight', .* strict: false/);
  expect(from(['conv1'], half as Layer, { strict: false })).toBe('nothing was wrong');
  expect(from(undefined, half as Layer, { prefix: 'module.' })).toMatch(/got none\. There are none/);
});

test('tied weights must be equal, and one level of a hierarchy must read as in torch', () => {
  const { x: _, y: __, ...arrays } = arraysOf('tied');
  const net = tied(embedding(5, 4), dense(4));
  const from = (given: Readonly<Record<string, SavedArray>>): string =>
    told(() =>
      fromTorch(net as never, given, {
        input: [1, 3],
        prefix: 'model.',
        modules: ['words', 'inner', 'decoder'],
        runtime,
      }),
    );
  const { 'model.decoder.weight': weight, ...once } = arrays;
  if (!weight) throw new Error('the file lacks the decoder');
  expect(from(once)).toBe('nothing was wrong');
  const other = { ...weight, data: Float32Array.from(weight.data as Float32Array, (each) => each + 1) };
  expect(from({ ...once, 'model.decoder.weight': other })).toMatch(/must be those of its embedding, got others/);
  const heads = hierarchicalAttention({ levels: [{ length: 3, heads: 2 }, {}] });
  expect(told(() => fromTorch(heads as never, {}, { input: [1, 6, 4], runtime }))).toMatch(
    /must read as in PyTorch, got heads: 2, .* encoder: transformerEncoderLayer\(\{ heads: 2/,
  );
});

test('positions that were learned', () => {
  const table: SavedArray = { dtype: 'float32', shape: [4, 2], data: Float32Array.from({ length: 8 }, (_, i) => i) };
  const { params } = fromTorch(
    learnedPositions({ length: 4 }) as Layer,
    { 'at.weight': table },
    {
      ...{ input: [1, 3, 2], modules: ['at'], runtime },
    },
  );
  expect((params as { readonly table: Tensor }).table.shape).toEqual([4, 2]);
});

describe('a fitted model', () => {
  const net = () =>
    sequential(conv2d({ filters: 3, size: 3, padding: 1 }), batchNorm(), relu, maxPool2d(2), flatten, dense(4));
  const { x, y, ...arrays } = arraysOf('cnn');
  if (!x || !y) throw new Error('the file lacks x or y');
  const labels = ['a', 'b', 'c', 'd'] as const;
  const example = x.shape.slice(1);
  const options = { example, labels, prefix: 'model.', runtime };
  const rowsOf = (numbers: ArrayLike<number>): number[][] =>
    [0, 1].map((row) => Array.from(numbers).slice(4 * row, 4 * row + 4));
  const logits = rowsOf(y.data);
  const likeliest = logits.map((row) => labels[row.indexOf(Math.max(...row))]);

  test('predicts, is saved, loaded and trained further', async () => {
    const fitted = await fittedFromTorch(classifier(net()), arrays, options);
    const inputs = { data: x.data as Float32Array, shape: x.shape };
    expect(await fitted.predict(inputs)).toEqual(likeliest);
    const { data } = await fitted.predictProbabilities(inputs);
    for (const [i, row] of rowsOf(data).entries()) {
      const shares = (logits[i] ?? []).map(Math.exp);
      const all = shares.reduce((a, b) => a + b, 0);
      for (const [k, share] of row.entries()) expect(share).toBeCloseTo((shares[k] ?? 0) / all, 5);
    }
    const saved = await fitted.save();
    const loaded = await load(toBytes(saved), { with: [nnLayers, cnnLayers], runtime });
    expect(await loaded.predict(inputs)).toEqual(likeliest);
    const further = await classifier(net(), { scaling: 'none' }).fit(
      { x: inputs, y: ['a', 'd'] },
      { from: saved, epochs: 1, runtime },
    );
    for (const each of [fitted, loaded, further]) each.dispose();
  });

  test('scales inputs by channel as torchvision does, and answers numbers', async () => {
    const weight: SavedArray = { dtype: 'float32', shape: [1, 4], data: Float32Array.of(1, 10, 100, 1000) };
    const bias: SavedArray = { dtype: 'float32', shape: [1], data: Float32Array.of(0.5) };
    const fitted = await fittedFromTorch(
      regressor(sequential(flatten, dense(1))),
      { '1.weight': weight, '1.bias': bias },
      {
        ...{ example: [1, 2, 2], scaling: { mean: [1, 2], deviation: [1, 2] }, runtime },
      },
    );
    // Torch counts channel by channel: of (x₀, y₀) and (x₁, y₁) x₀, x₁, y₀, y₁.
    const found = await fitted.predict({ data: Float32Array.of(2, 4, 3, 6), shape: [1, 1, 2, 2] });
    expect(found[0]).toBeCloseTo(1 * 1 + 2 * 10 + 1 * 100 + 2 * 1000 + 0.5, 3);
    fitted.dispose();
  });

  test.each([
    ['no labels', classifier(net()), { labels: undefined }, 'OPTION', /labels must say what the classifier's outputs/],
    ['too many labels', classifier(net()), { labels: [1, 2, 3, 4, 5] }, 'SHAPE', /one output for each of the 5 labels/],
    [
      'labels twice',
      classifier(net()),
      { labels: ['a', 'a'] },
      'OPTION',
      /labels must all be different, got \["a","a"\]/,
    ],
    ['no example', classifier(net()), { example: undefined }, 'OPTION', /example must be the shape of one example/],
    [
      'no such scaling',
      classifier(net()),
      { scaling: 'standard' },
      'OPTION',
      /'none', 'bytes' or \{ mean, deviation \}/,
    ],
    ['another example', classifier(net()), { example: [8, 8, 2] }, 'FORMAT', /'params\.5\.weight' .*module '5'/],
    [
      'too few deviations',
      classifier(net()),
      { scaling: { mean: [1], deviation: [1] } },
      'OPTION',
      /each of 2 channels/,
    ],
    ['no network', randomForestClassifier(), {}, 'OPTION', /must be a classifier or regressor, got 'random-forest/],
  ] as const)('%s', async (_, model, more, code, text) => {
    const { buffers } = runtime.device.memory();
    const error: unknown = await fittedFromTorch(model as never, arrays, { ...options, ...more } as never).catch(
      (reason: unknown) => reason,
    );
    expect(isDendriteError(error, code)).toBe(true);
    expect(String(error)).toMatch(text);
    expect(runtime.device.memory().buffers).toBe(buffers);
  });

  test.each([undefined, null, 'weight'])('an entry that is %o', async (entry) => {
    const given = { ...arrays, 'model.9.weight': entry } as never;
    const error: unknown = await fittedFromTorch(classifier(net()), given, options as never).catch((e: unknown) => e);
    expect(String(error)).toContain("'model.9.weight' must be an array { dtype, shape, data }, got");
    expect(isDendriteError(error, 'FORMAT')).toBe(true);
  });
});
