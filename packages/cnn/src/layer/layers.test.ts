import { createRuntime, leaves, relu } from '@dendrite/core';
import { heNormal, layerFromJson, nnLayers, summary } from '@dendrite/nn';
import type { LayerLike, Runtime, Shape, Tree } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  cnnLayers,
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
} from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());

const count = (params: Tree): number => leaves(params).reduce((sum, { tensor }) => sum + tensor.size, 0);
const float32 = (shape: Shape): Float32Array =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i));

test('LeNet-5 has 61,706 parameters for 28 × 28 gray images and ten classes', () => {
  const { params, output } = lenet5({ classes: 10 }).init(runtime.key(1), [1, 28, 28, 1]);
  expect(count(params)).toBe(61_706);
  expect(output).toEqual([1, 10]);
  expect(leaves(params).map(({ path, tensor }) => `${path} ${tensor.shape.join('×')}`)).toEqual([
    '0.filters 5×5×1×6',
    '0.bias 6',
    '3.filters 5×5×6×16',
    '3.bias 16',
    '7.weight 400×120',
    '7.bias 120',
    '9.weight 120×84',
    '9.bias 84',
    '11.weight 84×10',
    '11.bias 10',
  ]);
  expect(params[0].filters.shape).toEqual([5, 5, 1, 6]);
});

test('its variants keep the shapes, and use what they say', () => {
  const names = (layer: LayerLike): string[] => summary(layer, [1, 28, 28, 1]).rows.map((row) => row.layer);
  expect(names(lenet5({ classes: 2 }))).toEqual([
    'nn/sequential',
    'cnn/conv2d',
    'tanh',
    'cnn/avg-pool2d',
    'cnn/conv2d',
    'tanh',
    'cnn/avg-pool2d',
    'flatten',
    'nn/dense',
    'tanh',
    'nn/dense',
    'tanh',
    'nn/dense',
  ]);
  expect(
    names(lenet5({ classes: 2, activation: 'relu', pool: 'max' })).filter(
      (name) => name === 'relu' || name === 'cnn/max-pool2d',
    ),
  ).toHaveLength(6);
  expect(lenet5({ classes: 3 }).init(runtime.key(1), [1, 32, 20, 3]).output).toEqual([1, 3]);
});

test.each<[string, LayerLike, Shape, Shape]>([
  [
    'conv2d',
    conv2d({ filters: 4, size: [3, 2], stride: 2, activation: relu, initializer: heNormal }),
    [2, 7, 6, 3],
    [2, 3, 3, 4],
  ],
  [
    'conv2d same',
    conv2d({ filters: 4, size: 3, padding: 'same', dilation: 2, groups: 2, bias: false }),
    [1, 5, 5, 2],
    [1, 5, 5, 4],
  ],
  ['conv2d sides', conv2d({ filters: 1, size: 2, padding: { before: 1, after: [0, 1] } }), [1, 3, 3, 1], [1, 3, 4, 1]],
  ['maxPool2d', maxPool2d({ size: 3, stride: 2, padding: 1 }), [1, 7, 7, 2], [1, 4, 4, 2]],
  ['avgPool2d', avgPool2d({ size: [2, 1], countPadding: true }), [1, 4, 4, 2], [1, 2, 4, 2]],
  ['conv1d', conv1d({ filters: 4, size: 3, padding: 'causal', activation: relu }), [2, 7, 3], [2, 7, 4]],
  [
    'conv3d',
    conv3d({ filters: 2, size: [1, 2, 3], stride: 2, initializer: heNormal }),
    [1, 3, 4, 5, 2],
    [1, 2, 2, 2, 2],
  ],
  [
    'convTranspose2d',
    convTranspose2d({ filters: 3, size: 3, stride: 2, padding: 1, outputPadding: 1 }),
    [1, 4, 3, 2],
    [1, 8, 6, 3],
  ],
  [
    'convTranspose1d',
    convTranspose1d({ filters: 3, size: 4, stride: 2, padding: 'same', bias: false }),
    [1, 4, 2],
    [1, 8, 3],
  ],
  ['depthwiseConv2d', depthwiseConv2d({ size: 3, multiplier: 2, padding: 'same' }), [1, 4, 4, 3], [1, 4, 4, 6]],
  [
    'separableConv2d',
    separableConv2d({ filters: 5, size: 3, multiplier: 2, activation: relu }),
    [1, 4, 4, 3],
    [1, 2, 2, 5],
  ],
  ['maxPool1d', maxPool1d({ size: 3, stride: 2 }), [1, 7, 2], [1, 3, 2]],
  ['avgPool1d', avgPool1d({ size: 2, padding: 'same', countPadding: true }), [1, 7, 2], [1, 4, 2]],
  ['maxPool3d', maxPool3d(2), [1, 4, 4, 4, 2], [1, 2, 2, 2, 2]],
  ['avgPool3d', avgPool3d({ size: [1, 2, 2], countPadding: true }), [1, 3, 4, 4, 1], [1, 3, 2, 2, 1]],
  ['adaptiveAvgPool2d', adaptiveAvgPool2d([2, 3]), [1, 5, 5, 2], [1, 2, 3, 2]],
  ['adaptiveMaxPool2d', adaptiveMaxPool2d(2), [1, 5, 4, 2], [1, 2, 2, 2]],
  ['resize2d', resize2d({ size: [3, 8], method: 'bilinear', alignCorners: true }), [1, 4, 4, 2], [1, 3, 8, 2]],
  ['localResponseNorm', localResponseNorm({ size: 3, k: 2 }), [1, 4, 4, 5], [1, 4, 4, 5]],
  ['globalAvgPool2d', globalAvgPool2d, [3, 4, 5, 2], [3, 2]],
  ['globalMaxPool2d', globalMaxPool2d, [3, 4, 5, 2], [3, 2]],
  ['lenet5', lenet5({ classes: 10, activation: 'relu' }), [2, 28, 28, 1], [2, 10]],
])('%s: init foretells the output, and a file rebuilds the layer', async (_, layer, input, output) => {
  const json = JSON.parse(
    JSON.stringify(typeof layer === 'function' ? { function: layer.name } : { name: layer.name, config: layer.config }),
  );
  const again = layerFromJson(json, [nnLayers, cnnLayers]);
  const run = async (each: LayerLike): Promise<number[]> => {
    const key = runtime.key(3);
    const x = runtime.tensor(float32(input), input);
    const made = typeof each === 'function' ? { params: {}, state: {}, output } : each.init(key, input);
    const y = typeof each === 'function' ? each(x) : each.apply(made, x, { training: false, key })[0];
    expect(made.output).toEqual(output);
    expect(y.shape).toEqual(output);
    return [...(await y.data())];
  };
  const first = await run(layer);
  expect(first.every(Number.isFinite)).toBe(true);
  expect(await run(again)).toEqual(first);
});

const misspelt = (options: object) => options as Parameters<typeof conv2d>[0];
test.each<[() => unknown, string]>([
  [() => conv2d({ filters: 0, size: 3 }), 'conv2d(): filters must be a whole number of at least 1, got 0.'],
  [() => conv2d(misspelt({ filters: 3, kernelSize: 3 })), "got 'kernelSize'. It is called size here."],
  [
    () => conv2d({ filters: 3, size: 3, groups: 2 }),
    'conv2d(): groups must be a whole number that divides filters, got 2 for 3 filters.',
  ],
  [
    () => conv2d({ filters: 2, size: 3, groups: 2 }).init(runtime.key(0), [1, 5, 5, 3]),
    'groups must divide the channels of x, got 2 for 3 channels',
  ],
  [
    () => conv1d({ filters: 2, size: 3 }).init(runtime.key(0), [4, 5]),
    'conv1d(): x must be sequences [batch, time, channels], got [4, 5]. Reshape it.',
  ],
  [
    () => conv1d({ filters: 2, size: 9 }).init(runtime.key(0), [1, 5, 2]),
    "conv1d(): windows must fit, got length 5 for a window over 9. Use padding 'same', or a smaller size.",
  ],
  [
    () => conv1d({ filters: 4, size: 2, groups: 2 }).init(runtime.key(0), [1, 5, 3]),
    'conv1d(): x must have 2 channels for filters [2, 1, 4] in 2 groups, got 3.',
  ],
  [
    () => conv3d({ filters: 1, size: [2, 2] }),
    'conv3d(): size must be a whole number of at least 1, or 3 of them, got [2,2].',
  ],
  [
    () => conv3d({ filters: 1, size: 2, padding: 'causal' }).init(runtime.key(0), [1, 3, 3, 3, 1]),
    "conv3d(): padding must be 'same', 'valid', a number, 3 of them or { before, after }, got 'causal'.",
  ],
  [
    () => convTranspose2d({ filters: 2, size: 3, stride: 2, outputPadding: 2 }).init(runtime.key(0), [1, 3, 3, 2]),
    'convTranspose2d(): outputPadding must be below the stride 2, got 2.',
  ],
  [
    () => convTranspose2d({ filters: 2, size: 1, padding: 3 }).init(runtime.key(0), [1, 3, 3, 2]),
    'convTranspose2d(): padding must leave something of the output, got lengths [-3, -3] for x 3 × 3. Use less padding.',
  ],
  [
    () => convTranspose1d({ filters: 3, size: 2, groups: 2 }).init(runtime.key(0), [1, 4, 2]),
    'convTranspose1d(): groups must be a whole number that divides filters and channels, got 2 for 3 filters and 2 channels.',
  ],
  [() => depthwiseConv2d({ size: 3, filters: 2 } as never), "got 'filters'"],
  [
    () => separableConv2d({ filters: 0, size: 3 }),
    'separableConv2d(): filters must be a whole number of at least 1, got 0.',
  ],
  [() => resize2d({}), 'resize2d(): size or scale must be given, one of them, got neither. Write { scale: 2 }.'],
  [
    () => resize2d({ scale: 2, alignCorners: true }),
    "resize2d(): alignCorners must be true or false, and goes with 'bilinear' only, got true for 'nearest'.",
  ],
  [
    () => maxPool3d({ size: 2, padding: 2 }).init(runtime.key(0), [1, 4, 4, 4, 1]),
    'maxPool3d(): padding must be smaller than the window, got 2 and 2 for size 2: a window would see nothing but padding.',
  ],
  [() => localResponseNorm({ size: 0 }), 'localResponseNorm(): size must be a whole number of at least 1, got 0.'],
  [() => adaptiveAvgPool2d(0), 'adaptiveAvgPool2d(): size must be a whole number of at least 1'],
  [() => maxPool2d(0), 'maxPool2d(): size must be a whole number of at least 1'],
  [() => lenet5({ classes: 1 }), 'lenet5(): classes must be a whole number of at least 2, got 1. Digits have 10.'],
  [
    () => lenet5({ classes: 10 }).init(runtime.key(0), [1, 8, 8, 1]),
    'conv2d(): a window must fit into the padded image',
  ],
  [
    () => lenet5({ classes: 10 }).init(runtime.key(0), [1, 784]),
    'x must be images [batch, height, width, channels], got [1, 784]',
  ],
  [() => layerFromJson({ name: 'cnn/conv2d', config: null }, [nnLayers]), "given as `with`, got 'cnn/conv2d'"],
])('teaches by its error %#', (run, message) => {
  expect(run).toThrow(message);
});

test('three-channel images into a network of one channel say so', () => {
  const net = lenet5({ classes: 10 });
  const key = runtime.key(0);
  const made = net.init(key, [1, 28, 28, 1]);
  expect(() =>
    net.apply(made, runtime.tensor(float32([1, 28, 28, 3]), [1, 28, 28, 3]), { training: false, key }),
  ).toThrow('conv2d(): x must have 1 channels for filters [5, 5, 1, 6], got 3.');
});
