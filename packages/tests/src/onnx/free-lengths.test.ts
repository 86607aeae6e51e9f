/** Layers and functions of layers for batches and sequences of any length, beside onnxruntime. */
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
  conv1d,
  conv2d,
  convTranspose2d,
  depthwiseConv2d,
  globalAvgPool2d,
  globalMaxPool2d,
  maxPool1d,
  maxPool2d,
} from '@dendrite/cnn';
import { add, gelu, less, mean, mul, relu, tanh, where } from '@dendrite/core';
import type { LengthRange } from '@dendrite/core/onnx';
import { dense, embedding, groupNorm, layerNorm, network, parallel, prelu, sequential, tied } from '@dendrite/nn';
import { layerToOnnx } from '@dendrite/nn/onnx';
import { gru, lstm, simpleRnn } from '@dendrite/rnn-lstm';
import type { Layer, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import type { Given } from './onnxruntime.fixture.ts';
import { opened } from './onnxruntime.fixture.ts';
import { compareLayer, numbersFor, shakenVariables } from './shaken-layers.fixture.ts';

interface Free {
  readonly layer: unknown;
  /** Free lengths have names. */
  readonly inputs: Readonly<
    Record<string, { readonly shape: readonly (number | string)[]; readonly dtype?: Given['dtype'] }>
  >;
  readonly most?: Readonly<Record<string, LengthRange>>;
  readonly codes?: number;
  /** What is added to the lengths that are asked for. */
  readonly least?: number;
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
  'strides and pooling over time': {
    layer: sequential(conv1d({ filters: 6, size: 3, stride: 2 }), maxPool1d(2), gru(4), dense(2), relu),
    inputs: tokens(3),
    least: 8,
    most: { tokens: { least: 7 } },
  },
  'pictures of any size': {
    layer: sequential(
      conv2d({ filters: 4, size: 3, stride: 2, padding: 1 }),
      groupNorm({ groups: 2 }),
      relu,
      maxPool2d(2),
      depthwiseConv2d({ size: 2 }),
      parallel([globalAvgPool2d as never, globalMaxPool2d as never]),
      dense(3),
    ),
    inputs: { x: { shape: ['batch', 'tokens', 'keys', 2] } },
    least: 12,
    most: { tokens: { least: 7 }, keys: { least: 7 } },
  },
  'pictures grown to twice their size': {
    layer: sequential(convTranspose2d({ filters: 3, size: 2, stride: 2 }), prelu()),
    inputs: { x: { shape: ['batch', 'tokens', 'keys', 2] } },
  },
  'a function of layers': { layer: named, inputs: tokens(3) },
};

test.each(Object.entries(free))(
  '%s, of any length',
  async (_name, { layer, inputs, most = {}, codes = 0, least = 0 }) => {
    const at = (lengths: Readonly<Record<string, number>>) =>
      Object.fromEntries(
        Object.entries(inputs).map(([name, { shape }]) => [
          name,
          shape.map((n) => (typeof n === 'string' ? (lengths[n] ?? 1) : n)),
        ]),
      );
    const shapes = at({ batch: 1, tokens: 4 + least, keys: 3 + least });
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
      const all = at({ batch: lengths.batch, tokens: lengths.tokens + least, keys: lengths.keys + least });
      const asked = Object.entries(inputs).map(
        ([name, { dtype = 'float32' }], i) => [name, numbersFor(all[name] ?? [], { dtype, codes }, i + 1)] as const,
      );
      await compareLayer(layer, variables, model, Object.fromEntries(asked));
    }
    await model.close();
  },
);

test('a hierarchy of levels has the length that it was made for, or any multiple of its groups', async () => {
  const layer = hierarchicalAttention({
    levels: [{ length: 4, heads: 2 }, { length: 2 }, { heads: 1 }],
    weights: true,
  });
  const variables = shakenVariables(layer, [1, 10, 4]);
  const fixed = await opened(await layerToOnnx(layer as never, variables, { inputs: { shape: ['batch', 10, 4] } }));
  await compareLayer(layer, variables, fixed, { x: numbersFor([3, 10, 4], { dtype: 'float32' }, 1) });
  await fixed.close();
  const inputs = {
    x: { shape: ['batch', 'tokens', 4] },
    keyMask: { shape: ['batch', 'tokens'], dtype: 'bool' },
  } as const;
  const lengths = { tokens: { multipleOf: 8, most: 48 } };
  const free = await opened(await layerToOnnx(layer as never, variables, { inputs, lengths }));
  for (const [batch, tokens] of [
    [1, 8],
    [2, 48],
    [3, 16],
  ] as const)
    await compareLayer(layer, variables, free, {
      x: numbersFor([batch, tokens, 4], { dtype: 'float32' }, 1),
      keyMask: numbersFor([batch, tokens], { dtype: 'bool' }, 2),
    });
  await free.close();
  await expect(layerToOnnx(layer as never, variables, { inputs })).rejects.toThrow(
    /free lengths \(batch, tokens\) by shapes alone.*multiples of \(lengths: \{ tokens: \{ multipleOf: 8 \} \}\), or write a number/,
  );
});

test('a layer that takes no longer sequence says which was tried, and what to write', async () => {
  const layer = learnedPositions({ length: 5 });
  const variables = shakenVariables(layer, [1, 4, 2]);
  await expect(layerToOnnx(layer as never, variables, { inputs: { shape: ['batch', 'tokens', 2] } })).rejects.toThrow(
    /got this for batch 6, tokens 7: learnedPositions\(\).*at most 5 tokens, got 7.*lengths: \{ tokens: \{ least, most, multipleOf \} \}/,
  );
});
