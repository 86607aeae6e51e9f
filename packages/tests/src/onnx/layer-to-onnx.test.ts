/** Every layer as an ONNX model, value by value beside onnxruntime: with random parameters, for batches and sequences of any length. */
import {
  learnedPositions,
  multiHeadAttention,
  sinusoidalPositions,
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
  lenet5,
  localResponseNorm,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  resize2d,
  separableConv2d,
} from '@dendrite/cnn';
import { gelu, relu, silu, tanh } from '@dendrite/core';
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
  parallel,
  prelu,
  residual,
  rmsNorm,
  sequential,
  tied,
} from '@dendrite/nn';
import { layerToOnnx } from '@dendrite/nn/onnx';
import { gru, lstm, simpleRnn } from '@dendrite/rnn-lstm';
import type { Layer } from '@dendrite/spec';
import { test } from 'vitest';
import { opened } from './onnxruntime.fixture.ts';
import { compareLayer, numbersFor, shakenVariables } from './shaken-layers.fixture.ts';

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
  ['LeNet-5', lenet5({ classes: 3 }), [28, 28, 1]],
  ['local response norm', localResponseNorm({ size: 3 }), image],
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
