/** Every layer as an ONNX model, value by value beside onnxruntime: with random parameters, for batches and sequences of any length. */
import {
  additiveAttention,
  attentionPooling,
  hierarchicalAttention,
  learnedPositions,
  multiHeadAttention,
  sinusoidalPositions,
  transformerDecoderLayer,
  transformerEncoderLayer,
} from '@dendrite/attention';
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  depthwiseConv2d,
  globalAvgPool2d,
  globalMaxPool2d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  resize2d,
  separableConv2d,
} from '@dendrite/cnn';
import { add, createRuntime, gelu, leaves, less, mapTree, mean, mul, relu, silu, tanh, where } from '@dendrite/core';
import {
  activationFrom,
  batchNorm,
  dense,
  dropout,
  embedding,
  flatten,
  groupNorm,
  instanceNorm,
  layerNorm,
  network,
  parallel,
  prelu,
  residual,
  rmsNorm,
  sequential,
  tied,
} from '@dendrite/nn';
import { layerToOnnx } from '@dendrite/nn/onnx';
import { hostKey, integers, normals, uniforms } from '@dendrite/random';
import { gru, lstm, simpleRnn } from '@dendrite/rnn-lstm';
import type { Key, Layer, Shape, Tensor, Tree, Variables } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { close, type Given, given, numbersOf, opened } from './onnxruntime.fixture.ts';

const runtime = await createRuntime();
const image = [6, 8, 4];
const sequence = [5, 3];

const activationNames =
  'abs celu cos elu exp gelu geluTanh hardSigmoid hardSwish hardTanh leakyRelu logSigmoid logSoftmax mish neg relu relu6 selu sigmoid silu sin softmax softplus softsign square step tanh tanhShrink'.split(
    ' ',
  );
const layers: readonly (readonly [name: string, layer: unknown, input: readonly number[], codes?: number])[] = [
  ['dense', dense(3, { activation: silu }), [4]],
  ['dense of a sequence without bias', dense(2, { bias: false }), sequence],
  ...activationNames.map((name) => [name, sequential(activationFrom(name) as never), [7]] as const),
  ['dropout, batch norm', sequential(dropout(0.5), batchNorm({ epsilon: 1e-3 })), image],
  ['layer norm over two axes', layerNorm({ axes: 2 }), sequence],
  ['group norm', groupNorm({ groups: 2 }), image],
  ['instance norm', instanceNorm(), image],
  ['rms norm, prelu', sequential(rmsNorm(), prelu()), sequence],
  ['embedding', sequential(embedding(9, 4), flatten), [5], 9],
  ['conv2d', conv2d({ filters: 5, size: [3, 2], stride: [2, 1], padding: 'same', activation: relu }), image],
  [
    'conv2d with groups and borders',
    conv2d({ filters: 6, size: 3, groups: 2, dilation: 2, padding: { before: 1, after: [2, 0] } }),
    image,
  ],
  ['depthwise', depthwiseConv2d({ size: 3, multiplier: 2, padding: 1 }), image],
  ['separable', separableConv2d({ filters: 3, size: 3, stride: 2, activation: tanh }), image],
  ['conv1d causal', conv1d({ filters: 2, size: 3, padding: 'causal' }), sequence],
  ['conv3d', conv3d({ filters: 2, size: 2, stride: 2 }), [4, 5, 6, 2]],
  ['transposed', convTranspose2d({ filters: 4, size: 3, stride: 2, padding: 'same', groups: 2 }), image],
  [
    'transposed with rows behind',
    convTranspose1d({ filters: 2, size: 3, stride: 3, padding: 1, outputPadding: 1 }),
    sequence,
  ],
  ['max pooling', maxPool2d({ size: 3, stride: 2, padding: 1 }), image],
  ['average pooling', avgPool2d({ size: 3, stride: 2, padding: 'same' }), image],
  ['average pooling that counts padding', avgPool2d({ size: 2, padding: 1, countPadding: true }), image],
  ['pooling over time', sequential(maxPool1d({ size: 2, stride: 1 }), avgPool1d(2)), sequence],
  ['pooling of volumes', sequential(maxPool3d({ size: 2, stride: 1 }), avgPool3d(2)), [5, 5, 5, 2]],
  ['pooling to a size', adaptiveAvgPool2d([3, 2]), image],
  ['means of uneven windows', adaptiveAvgPool2d([4, 3]), [5, 7, 2]],
  ['maxima of uneven windows', adaptiveMaxPool2d([4, 3]), [5, 7, 2]],
  ['resized to the nearest', resize2d({ scale: 1.5 }), [5, 4, 2]],
  ['resized by lines', resize2d({ size: [7, 3], method: 'bilinear' }), [5, 4, 2]],
  ['resized corner to corner', resize2d({ size: [7, 1], method: 'bilinear', alignCorners: true }), [5, 4, 2]],
  ['global pooling', parallel([globalAvgPool2d as never, globalMaxPool2d as never]), image],
  ['shortcut', residual(sequential(conv2d({ filters: 4, size: 3, padding: 1 }), batchNorm(), relu)), image],
  ['side by side, added', parallel([dense(3), sequential(dense(4), relu, dense(3))], { join: 'add' }), [4]],
  ['lstm', lstm(4, { layers: 2, bidirectional: true }), sequence],
  ['lstm read from its end, last', lstm(4, { reverse: true, output: 'last' }), sequence],
  ['gru', gru(4, { layers: 2 }), sequence],
  ['gru both ways without bias, last', gru(3, { bidirectional: true, bias: false, output: 'last' }), sequence],
  ['simple rnn', simpleRnn(4, { activation: 'relu' }), sequence],
  ['attention', multiHeadAttention({ heads: 2, size: 6, bias: false }), [5, 4]],
  ['rotary attention', multiHeadAttention({ heads: 2, rotary: true }), [5, 8]],
  ['tied weights', tied(embedding(9, 4), dense(4)), [5], 9],
  ['causal attention', multiHeadAttention({ heads: 2, causal: true }), [5, 4]],
  [
    'encoder',
    sequential(sinusoidalPositions, transformerEncoderLayer({ heads: 2, activation: gelu }) as never),
    [5, 4],
  ],
  [
    'encoder, norm behind',
    sequential(
      learnedPositions({ length: 7 }),
      transformerEncoderLayer({ heads: 1, norm: 'post', causal: true, dropout: 0.1 }) as never,
    ),
    [5, 4],
  ],
];

/** The tree with other numbers: scales that are not 1, variances above 0. */
const shaken = (tree: Tree, seed: number): Tree => {
  let at = seed;
  return mapTree(tree, (tensor, path): Tensor => {
    const values = path.endsWith('variance')
      ? uniforms(hostKey(++at), tensor.size).map((u) => 0.5 + u)
      : normals(hostKey(++at), tensor.size).map((z) => z / 2);
    return runtime.tensor(Float32Array.from(values), tensor.shape);
  }) as Tree;
};
interface AnyLayer {
  init(key: Key, input: unknown): Variables;
  apply(
    variables: Variables,
    x: Tree,
    context: { readonly training: boolean; readonly key: Key },
  ): readonly [Tree, Tree];
}
const key = runtime.key(3);
function shakenVariables(layer: unknown, input: unknown): Variables {
  const { params, state } = (layer as AnyLayer).init(key, input);
  return { params: shaken(params, 10), state: shaken(state, 90) };
}

/** Codes below `codes`, else normal numbers; bool inputs are true but for the last of each row. */
function numbersFor(
  shape: Shape,
  { dtype, codes = 0 }: Pick<Given, 'dtype'> & { readonly codes?: number },
  seed: number,
): Given {
  const size = shape.reduce((a, b) => a * b, 1);
  if (dtype === 'int32') return given(Int32Array.from(integers(hostKey(seed), size, codes)), shape, dtype);
  if (dtype === 'float32') return given(Float32Array.from(normals(hostKey(seed), size)), shape);
  const last = shape.at(-1) ?? 1;
  return given(
    Uint8Array.from({ length: size }, (_, i) => Number(i % last < Math.max(1, last - 1))),
    shape,
    dtype,
  );
}

/** What a layer gives here, and what its export gives there. */
async function compareLayer(
  layer: unknown,
  variables: Variables,
  model: Awaited<ReturnType<typeof opened>>,
  inputs: Readonly<Record<string, Given>>,
): Promise<void> {
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape, dtype }]) => [name, runtime.tensor(data, shape, dtype)]),
  );
  const x = Object.keys(tensors).length === 1 ? (tensors.x as Tensor) : tensors;
  const [y] = (layer as AnyLayer).apply(variables, x, { training: false, key });
  const found = await model.run(inputs);
  for (const { path, tensor } of leaves(y)) {
    const answer = found[path === '' ? 'y' : path];
    expect(answer?.dims).toEqual(tensor.shape);
    close(answer?.data, await numbersOf(tensor));
  }
}

test.each(layers.map(([name, layer, input, codes]) => ({ name, layer, input, codes })))(
  '$name',
  async ({ layer, input, codes }) => {
    const dtype = codes === undefined ? 'float32' : 'int32';
    const variables = shakenVariables(layer, [1, ...input]);
    const model = await opened(
      await layerToOnnx(layer as Layer, variables, { inputs: { shape: ['batch', ...input], dtype } }),
    );
    for (const batch of [1, 2])
      await compareLayer(layer, variables, model, {
        x: numbersFor([batch, ...input], { dtype, ...(codes && { codes }) }, batch),
      });
    await model.close();
  },
);

interface Free {
  readonly layer: unknown;
  /** Free lengths have names. */
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly (number | string)[]; readonly dtype?: Given['dtype'] }>
  >;
  readonly most?: Readonly<Record<string, number>>;
  readonly codes?: number;
}
const tokens = (width: number) => ({ x: { shape: ['batch', 'tokens', width] } });
const named = network(
  { stem: dense(6), gate: dense(6), head: dense(2) },
  ({ stem, gate, head }, x: Tensor, { training }) => {
    let y = stem(x);
    for (let i = 0; i < 3; i++) y = mul(tanh(add(y, gate(x))), x.shape.length);
    return training ? head(y) : head(where(less(mean(x), 0), y, relu(y)));
  },
);
const free: Readonly<Record<string, Free>> = {
  lstm: { layer: lstm(4, { layers: 2, bidirectional: true }), inputs: tokens(3) },
  'gru, last': { layer: gru(4, { output: 'last', reverse: true }), inputs: tokens(3) },
  'simple rnn': { layer: simpleRnn(3), inputs: tokens(2) },
  'convolution over time': {
    layer: conv1d({ filters: 4, size: 3, padding: 'causal', dilation: 2 }),
    inputs: tokens(3),
  },
  'convolution with borders': {
    layer: sequential(conv1d({ filters: 4, size: 3, padding: 'same' }), layerNorm(), relu),
    inputs: tokens(3),
  },
  attention: { layer: multiHeadAttention({ heads: 2, causal: true }), inputs: tokens(6) },
  'rotary attention': {
    layer: multiHeadAttention({ heads: 2, rotary: true }),
    inputs: tokens(8),
    most: { tokens: 20 },
  },
  'attention with weights': { layer: multiHeadAttention({ heads: 2, weights: true, causal: true }), inputs: tokens(4) },
  'attention over another sequence': {
    layer: multiHeadAttention({ heads: 2 }),
    inputs: {
      query: { shape: ['batch', 'tokens', 4] },
      key: { shape: ['batch', 'keys', 5] },
      keyMask: { shape: ['batch', 'keys'], dtype: 'bool' },
    },
  },
  'sinusoidal positions and encoder': {
    layer: sequential(sinusoidalPositions, transformerEncoderLayer({ heads: 2, activation: gelu }) as never),
    inputs: tokens(4),
    most: { tokens: 13 },
  },
  'learned positions': {
    layer: sequential(learnedPositions({ length: 13 }), dense(2)),
    inputs: tokens(3),
    most: { tokens: 13 },
  },
  'encoder with a mask': {
    layer: transformerEncoderLayer({ heads: 2, norm: 'post' }),
    inputs: { x: { shape: ['batch', 'tokens', 4] }, keyMask: { shape: ['batch', 'tokens'], dtype: 'bool' } },
  },
  decoder: {
    layer: transformerDecoderLayer({ heads: 2, rotary: true }),
    inputs: {
      x: { shape: ['batch', 'tokens', 4] },
      memory: { shape: ['batch', 'keys', 6] },
      memoryMask: { shape: ['batch', 'keys'], dtype: 'bool' },
    },
  },
  'decoder, norm behind, with weights': {
    layer: transformerDecoderLayer({ heads: 1, norm: 'post', weights: true, dropout: 0.2 }),
    inputs: { x: { shape: ['batch', 'tokens', 4] }, memory: { shape: ['batch', 'keys', 4] } },
  },
  'additive attention': {
    layer: additiveAttention({ size: 5, weights: true }),
    inputs: { query: { shape: ['batch', 'tokens', 4] }, key: { shape: ['batch', 'keys', 3] } },
  },
  'attention pooling': { layer: attentionPooling({ weights: true }), inputs: tokens(4) },
  'embedding and tied weights': {
    layer: tied(embedding(9, 4), sequential(lstm(4), dense(4))),
    inputs: { x: { shape: ['batch', 'tokens'], dtype: 'int32' } },
    codes: 9,
  },
  'a function of layers': { layer: named, inputs: tokens(3) },
};

test.each(Object.entries(free))('%s, of any length', async (_name, { layer, inputs, most = {}, codes = 0 }) => {
  const at = (lengths: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, { shape }]) => [
        name,
        shape.map((n) => (typeof n === 'string' ? (lengths[n] ?? 1) : n)),
      ]),
    );
  const shapes = at({ batch: 1, tokens: 4, keys: 3 });
  const variables = shakenVariables(layer, Object.keys(inputs).length === 1 ? shapes.x : shapes);
  const model = await opened(
    await layerToOnnx(layer as Layer, variables, {
      inputs: Object.keys(inputs).length === 1 ? (inputs.x as never) : inputs,
      lengths: most,
    }),
  );
  for (const lengths of [
    { batch: 1, tokens: 1, keys: 1 },
    { batch: 3, tokens: 5, keys: 2 },
    { batch: 2, tokens: 13, keys: 7 },
  ]) {
    const all = at(lengths);
    const asked = Object.entries(inputs).map(
      ([name, { dtype = 'float32' }], i) => [name, numbersFor(all[name] ?? [], { dtype, codes }, i + 1)] as const,
    );
    await compareLayer(layer, variables, model, Object.fromEntries(asked));
  }
  await model.close();
});

test('a hierarchy of levels has the length that it was made for, and says so', async () => {
  const layer = hierarchicalAttention({ levels: [{ length: 4, heads: 2 }, {}] });
  const variables = shakenVariables(layer, [1, 10, 4]);
  const model = await opened(await layerToOnnx(layer as never, variables, { inputs: { shape: ['batch', 10, 4] } }));
  await compareLayer(layer, variables, model, { x: numbersFor([3, 10, 4], { dtype: 'float32' }, 1) });
  await model.close();
  await expect(layerToOnnx(layer as never, variables, { inputs: { shape: ['batch', 'tokens', 4] } })).rejects.toThrow(
    /free lengths \(batch, tokens\) by shapes alone.*Write a number/,
  );
});
