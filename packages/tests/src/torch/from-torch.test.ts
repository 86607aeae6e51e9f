/** State dicts of PyTorch in layers of ours: the outputs are torch's own (see make_torch_files.py), and what does not fit is told. */
import { readFileSync } from 'node:fs';
import { multiHeadAttention, transformerDecoderLayer, transformerEncoderLayer } from '@dendrite/attention';
import { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, depthwiseConv2d, maxPool2d } from '@dendrite/cnn';
import { createRuntime, gelu, relu, tanh } from '@dendrite/core';
import {
  batchNorm,
  dense,
  embedding,
  flatten,
  groupNorm,
  layerNorm,
  network,
  prelu,
  residual,
  sequential,
} from '@dendrite/nn';
import { fromTorch } from '@dendrite/nn/torch';
import { gru, lstm, simpleRnn } from '@dendrite/rnn-lstm';
import { readSafetensors } from '@dendrite/safetensors';
import { isDendriteError, type Layer, type SavedArray, type Tensor, type Tree } from '@dendrite/spec';
import { expect, test } from 'vitest';

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

const cases = rows.map(([name, layer, modules]): Case => ({ name, layer, ...(modules && { modules }) }));

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
