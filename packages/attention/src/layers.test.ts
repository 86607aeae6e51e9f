/** The layers of this package: the kit, masks against shorter sequences, files, and what wrong options say. Long: one table of layers. */
import { layerConformance } from '@dendrite/conformance';
import { cast, checkGradients, createRuntime, mapTree, relu, slice, square, sum } from '@dendrite/core';
import { dense, layerFromJson, layerJson, nnLayers, sequential } from '@dendrite/nn';
import { hostKey, normals } from '@dendrite/random';
import type { CaseInput, Layer, Runtime, Shape, Tensor, Tree } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import {
  additiveAttention,
  attentionLayers,
  attentionPooling,
  attentionWeights,
  type EncoderInput,
  hierarchicalAttention,
  learnedPositions,
  lengthMask,
  multiHeadAttention,
  rotaryPositions,
  scaledDotProduct,
  sinusoidalPositions,
  transformerDecoderLayer,
  transformerEncoderLayer,
} from './index.ts';

const runtime: Runtime = await createRuntime();
const key = runtime.key(3);
const sequence = (shape: Shape, seed = 1): Tensor =>
  runtime.tensor(
    normals(
      hostKey(seed),
      shape.reduce((a, b) => a * b, 1),
    ),
    shape,
    'float64',
  );
const values = async (x: Tensor): Promise<number[]> => Array.from(await x.data(x.dtype));
const close = (all: readonly number[]) => all.map((each) => expect.closeTo(each, 5));

const layers: readonly {
  readonly name: string;
  make(): Layer<Tree, Tree>;
  readonly input: CaseInput;
  readonly output: Shape;
  readonly parameters: number;
  readonly random?: boolean;
}[] = [
  {
    name: 'multiHeadAttention',
    make: () => multiHeadAttention({ heads: 2 }),
    input: { shape: [2, 3, 4] },
    output: [2, 3, 4],
    parameters: 80,
  },
  {
    name: 'multiHeadAttention, causal, rotary, without bias, of another size',
    make: () => multiHeadAttention({ heads: 3, size: 6, causal: true, rotary: true, bias: false }),
    input: { shape: [1, 5, 4] },
    output: [1, 5, 4],
    parameters: 96,
  },
  {
    name: 'multiHeadAttention with dropout',
    make: () => multiHeadAttention({ heads: 1, dropout: 0.4 }),
    input: { shape: [2, 6, 4] },
    output: [2, 6, 4],
    parameters: 80,
    random: true,
  },
  {
    name: 'transformerEncoderLayer',
    make: () => transformerEncoderLayer({ heads: 2, feedForward: 5 }),
    input: { shape: [2, 3, 4] },
    output: [2, 3, 4],
    parameters: 80 + 25 + 24 + 16,
  },
  {
    name: 'transformerEncoderLayer, post, causal',
    make: () => transformerEncoderLayer({ heads: 1, feedForward: 3, norm: 'post', causal: true, activation: relu }),
    input: { shape: [1, 4, 2] },
    output: [1, 4, 2],
    parameters: 24 + 9 + 8 + 8,
  },
  {
    name: 'attentionPooling',
    make: () => attentionPooling({ size: 3 }),
    input: { shape: [2, 5, 4] },
    output: [2, 4],
    parameters: 15 + 3,
  },
  {
    name: 'learnedPositions',
    make: () => learnedPositions({ length: 6 }),
    input: { shape: [2, 5, 3] },
    output: [2, 5, 3],
    parameters: 18,
  },
  {
    name: 'hierarchicalAttention, groups that do not come out even',
    make: () => hierarchicalAttention({ levels: [{ length: 3, heads: 1 }, { length: 2 }, { encoder: dense(2) }] }),
    input: { shape: [2, 10, 2] },
    output: [2, 2],
    parameters: 24 + 42 + 8 + 8 + 8 + 6 + 8,
  },
];
describe.each(layers)('$name', ({ make, input, output, parameters, random = false }) => {
  for (const each of layerConformance(make, { runtime, input, output, parameters, random, checkGradients }))
    test(each.name, each.run);
  test('a file holds it', () => {
    const json = layerJson(make());
    expect(layerJson(layerFromJson(JSON.parse(JSON.stringify(json)), [nnLayers, attentionLayers]))).toEqual(json);
  });
});

/** Output of a layer for the first `length` tokens alone, and for all with the rest masked. */
async function both(layer: Layer<Tree, Tree, EncoderInput>, length: number): Promise<readonly [number[], number[]]> {
  const x = runtime.tensor(Float32Array.from(normals(hostKey(5), 14)), [1, 7, 2]);
  const { params, state } = layer.init(key, x.shape);
  const context = { training: false, key };
  const cut = slice(x, { begin: [0, 0, 0], size: [1, length, 2] });
  const [alone] = layer.apply({ params, state }, cut, context);
  const keyLengths = runtime.tensor(new Int32Array([length]));
  const [masked] = layer.apply({ params, state }, { x, keyLengths }, context);
  const [a, b] = [await values(alone), await values(masked)];
  return [a, b.slice(0, a.length)];
}
test.each([
  ['an encoder layer', transformerEncoderLayer({ heads: 1, rotary: true })],
  ['pooling', attentionPooling()],
  ['a hierarchy', hierarchicalAttention({ levels: [{ length: 2, heads: 1 }, { heads: 1 }] })],
] as const)('%s does not see padding', async (_, layer) => {
  for (const length of [1, 4, 7]) {
    const [alone, masked] = await both(layer, length);
    expect(masked).toEqual(close(alone));
  }
});

test('causal: a later token changes nothing before it', async () => {
  const layer = transformerEncoderLayer({ heads: 2, causal: true });
  const x = normals(hostKey(9), 20);
  const { params, state } = layer.init(key, [1, 5, 4]);
  const run = (data: ArrayLike<number>): Promise<number[]> =>
    values(
      layer.apply({ params, state }, runtime.tensor(Float32Array.from(data), [1, 5, 4]), { training: false, key })[0],
    );
  const before = await run(x);
  const after = await run(x.map((each, i) => (i >= 16 ? -each : each)));
  expect(after.slice(0, 16)).toEqual(before.slice(0, 16));
  expect(after.slice(16)).not.toEqual(before.slice(16));
});

test('weights are those of the output, and add up to 1', async () => {
  const [q, k, v] = [sequence([2, 3, 4]), sequence([2, 5, 4], 2), sequence([2, 5, 2], 3)];
  const weights = attentionWeights(q, k, { keyLengths: runtime.tensor(new Int32Array([5, 2])) });
  expect(await values(sum(weights, { axes: -1 }))).toEqual(close([1, 1, 1, 1, 1, 1]));
  const layer = multiHeadAttention({ heads: 2, weights: true });
  const x = sequence([1, 3, 4]);
  const { params, state } = layer.init(key, x.shape);
  expect(v.shape).toEqual([2, 5, 2]);
  const single = runtime.tensor(Float32Array.from(await x.data('float64')), x.shape);
  const [{ y, weights: seen }] = layer.apply({ params, state }, single, { training: false, key });
  const [plain] = multiHeadAttention({ heads: 2 }).apply({ params, state }, single, { training: false, key });
  expect(seen.shape).toEqual([1, 2, 3, 3]);
  expect(await values(y)).toEqual(close(await values(plain)));
});

test('rotary products know the distance of two tokens alone', async () => {
  const [a, b] = [sequence([1, 4], 4), sequence([1, 4], 5)];
  const product = async (at: number, other: number): Promise<number> => {
    const [x, y] = [rotaryPositions(a, { offset: at }), rotaryPositions(b, { offset: other })];
    const [left, right] = [await values(x), await values(y)];
    return left.reduce((total, each, i) => total + each * (right[i] ?? 0), 0);
  };
  expect(await product(7, 3)).toBeCloseTo(await product(104, 100), 10);
  expect(await product(7, 3)).not.toBeCloseTo(await product(7, 4), 3);
  const { failures } = await checkGradients((x: Tensor) => sum(rotaryPositions(x)), sequence([2, 3, 4]));
  expect(failures).toEqual([]);
});

test('sinusoidal positions by their formula', async () => {
  const found = await values(sinusoidalPositions(runtime.tensor(new Float64Array(9), [3, 3], 'float64')));
  const expected = [0, 1, 2].flatMap((t) => [Math.sin(t), Math.cos(t), Math.sin(t / 10_000 ** (2 / 3))]);
  expect(found).toEqual(expected.map((each) => expect.closeTo(each, 12)));
});

test('additive attention by its formula, and with queries of another width than keys', async () => {
  const layer = additiveAttention({ size: 2, weights: true });
  const [query, memory] = [sequence([1, 2, 3], 6), sequence([1, 4, 2], 7)];
  const single = async (x: Tensor) => runtime.tensor(Float32Array.from(await x.data('float64')), x.shape);
  const { params, state, output } = layer.init(key, { query: query.shape, key: memory.shape });
  expect(output).toEqual({ y: [1, 2, 2], weights: [1, 2, 4] });
  const parts = { query: await single(query), key: await single(memory) };
  const [{ weights }] = layer.apply({ params, state }, parts, { training: false, key });
  const {
    query: { weight: w },
    key: { weight: u },
    score: { weight: s },
  } = params as Tree & Record<'query' | 'key' | 'score', { readonly weight: Tensor }>;
  const [wq, uk, v, q, m] = await Promise.all([w, u, s, parts.query, parts.key].map(values));
  const project = (row: readonly number[], matrix: readonly number[] = []): number[] =>
    [0, 1].map((j) => row.reduce((total, each, i) => total + each * (matrix[i * 2 + j] ?? 0), 0));
  const scores = [0, 1, 2, 3].map((j) => {
    const [a, b] = [project((q ?? []).slice(0, 3), wq), project((m ?? []).slice(2 * j, 2 * j + 2), uk)];
    return a.reduce((total, each, i) => total + (v?.[i] ?? 0) * Math.tanh(each + (b[i] ?? 0)), 0);
  });
  const total = scores.reduce((all, each) => all + Math.exp(each), 0);
  expect((await values(weights)).slice(0, 4)).toEqual(close(scores.map((each) => Math.exp(each) / total)));
});

test('additive attention: gradients of its inputs and parameters against differences, under a mask', async () => {
  const layer = additiveAttention({ size: 2 });
  const [query, memory] = [sequence([2, 2, 3], 6), sequence([2, 4, 2], 7)];
  const { params, state } = layer.init(key, { query: query.shape, key: memory.shape });
  const wide = mapTree(params, (each) => cast(each, 'float64'));
  const keyLengths = runtime.tensor(new Int32Array([4, 2]));
  const loss = (at: { readonly query: Tensor; readonly key: Tensor; readonly params: Tree }): Tensor => {
    const parts = { query: at.query, key: at.key, keyLengths };
    const [y] = layer.apply({ params: at.params, state }, parts, { training: true, key });
    return sum(square(y));
  };
  const { failures } = await checkGradients(loss, { query, key: memory, params: wide });
  expect(failures).toEqual([]);
});

test('a decoder layer sees the memory but not its padding, and gives its weights', async () => {
  const layer = transformerDecoderLayer({ heads: 2, weights: true });
  const x = runtime.tensor(Float32Array.from(normals(hostKey(1), 24)), [2, 3, 4]);
  const memory = runtime.tensor(Float32Array.from(normals(hostKey(2), 40)), [2, 5, 4]);
  const { params, state } = layer.init(key, { x: x.shape, memory: memory.shape });
  const memoryMask = lengthMask(runtime.tensor(new Int32Array([5, 2])), 5);
  const [{ y, weights }] = layer.apply({ params, state }, { x, memory, memoryMask }, { training: false, key });
  expect([y.shape, weights.shape]).toEqual([
    [2, 3, 4],
    [2, 2, 3, 5],
  ]);
  const hidden = slice(weights, { begin: [1, 0, 0, 2], size: [1, 2, 3, 3] });
  expect(await values(hidden)).toEqual(new Array(18).fill(0));
});

test('a hierarchy reads 20,000 tokens by levels, and its weights say where it looked', async () => {
  const layer = hierarchicalAttention({ levels: [{ length: 25 }, { length: 20 }, {}], weights: true });
  const tokens = 20_000;
  const data = new Float32Array(tokens * 2);
  data[2 * 12_345] = 8;
  const x = runtime.tensor(data, [1, tokens, 2]);
  const { params, state } = layer.init(key, [1, 50, 2]);
  const [{ y, weights }] = layer.apply({ params, state }, x, { training: false, key });
  expect([y.shape, ...weights.map(({ shape }) => shape)]).toEqual([
    [1, 2],
    [1, 20_000],
    [1, 800],
    [1, 40],
  ]);
  const [words = []] = await Promise.all(weights.map(values));
  expect(words[12_345]).not.toBeCloseTo(1 / 25, 3);
  expect(words[0]).toBeCloseTo(1 / 25, 6);
});

test('nothing is left behind by a masked step', () => {
  const { memory } = runtime.device;
  const layer = hierarchicalAttention({ levels: [{ length: 3, heads: 1 }, {}] });
  runtime.scope(() => {
    const { params, state } = layer.init(key, [2, 7, 2]);
    const before = memory.call(runtime.device).buffers;
    runtime.scope(() => {
      const x = runtime.tensor(new Float32Array(28), [2, 7, 2]);
      const keyLengths = runtime.tensor(new Int32Array([7, 0]));
      layer.apply({ params, state }, { x, keyLengths }, { training: true, key });
    });
    expect(memory.call(runtime.device).buffers).toBe(before);
  });
});

test.each<[() => unknown, string, string]>([
  [() => multiHeadAttention({ heads: 0 }), 'OPTION', 'heads must be a whole number of at least 1, got 0'],
  [
    () => multiHeadAttention({ heads: 3 }).init(key, [1, 2, 4]),
    'SHAPE',
    'multiHeadAttention(): the width must be a multiple of its 3 heads, got 4.',
  ],
  [
    () => multiHeadAttention({ heads: 1 }).init(key, [2, 4]),
    'SHAPE',
    'query must be [batch, tokens, width], got [2, 4]. Token codes go through embedding() first.',
  ],
  [
    () => scaledDotProduct(sequence([1, 2, 3]), sequence([1, 2, 4]), sequence([1, 2, 4])),
    'SHAPE',
    'must agree in D, S and the axes before, got [1, 2, 3], [1, 2, 4] and [1, 2, 4].',
  ],
  [
    () =>
      scaledDotProduct(sequence([1, 2, 3]), sequence([1, 2, 3]), sequence([1, 2, 3]), {
        mask: runtime.tensor([1, 0]),
      }),
    'DTYPE',
    'mask must be bool (true = may be seen), got float32',
  ],
  [
    () =>
      scaledDotProduct(sequence([1, 2, 3]), sequence([1, 2, 3]), sequence([1, 2, 3]), {
        keyMask: runtime.tensor([[true]] as never, [1, 1], 'bool'),
      }),
    'SHAPE',
    'keyMask must be bool [1, 2], one value a key, got bool [1, 1].',
  ],
  [() => learnedPositions({ length: 2 }).init(key, [2]), 'SHAPE', 'x must be [batch, tokens, width], got [2]'],
  [() => rotaryPositions(sequence([2, 3])), 'SHAPE', 'an even width], got [2, 3]'],
  [
    () => hierarchicalAttention({ levels: [{ length: 3 }] }),
    'OPTION',
    'the last level must take all that is left, got length 3.',
  ],
  [() => hierarchicalAttention({ levels: [{}, {}] }), 'OPTION', 'every level but the last must have a length'],
  [
    () => transformerEncoderLayer({ heads: 1, norm: 'before' as 'pre' }),
    'OPTION',
    "norm must be 'pre' or 'post', got 'before'",
  ],
])('teaches by its error %#', (run, code, message) => {
  expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test('layers take their place in sequential', () => {
  const net = sequential(sinusoidalPositions, transformerEncoderLayer({ heads: 2 }), attentionPooling(), dense(3));
  expect(net.init(key, [4, 9, 8]).output).toEqual([4, 3]);
});
