import { add, createRuntime, leaves, mul, relu, sum, tanh, valueAndGrad } from '@dendrite/core';
import type { Layer, LayerLike, Runtime, Shape, Tensor, Tree } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  batchNorm,
  dense,
  dropout,
  flatten,
  layerFromJson,
  layerJson,
  layerNorm,
  network,
  nnLayers,
  ones,
  parallel,
  residual,
  sequential,
  summary,
  zeros,
} from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());
const rows = (data: readonly (readonly number[])[]): Tensor => runtime.tensor(data);
const values = async (x: Tensor): Promise<number[]> => [...(await x.data())];
const paths = (tree: Tree): string[] => leaves(tree).map(({ path, tensor }) => `${path} ${tensor.shape.join('×')}`);
const run = (layer: Layer, x: Tensor, training = false): Tensor => {
  const key = runtime.key(5);
  return layer.apply(layer.init(key, x.shape), x, { training, key })[0];
};

test('sequential: parameters and state lie as the layers do; lengths come from the input', () => {
  const net = sequential(flatten, dense(3), batchNorm(), relu, dense(2, { bias: false }));
  const { params, state, output } = net.init(runtime.key(0), [4, 2, 2]);
  expect(output).toEqual([4, 2]);
  expect(paths(params)).toEqual(['1.weight 4×3', '1.bias 3', '2.scale 3', '2.offset 3', '4.weight 3×2']);
  expect(paths(state)).toEqual(['2.mean 3', '2.variance 3']);
});

test('each layer has a key of its own, the same for the same seed', async () => {
  const net = sequential(dense(3), dense(3));
  const made = async (seed: number): Promise<number[][]> =>
    Promise.all(leaves(net.init(runtime.key(seed), [1, 3]).params).map(({ tensor }) => values(tensor)));
  const [first, again, other] = [await made(1), await made(1), await made(2)];
  expect(first).toEqual(again);
  expect(first[0]).not.toEqual(first[2]);
  expect(first[0]).not.toEqual(other[0]);
});

test('network: any topology, shared layers, layers met only in training or only in prediction', async () => {
  const net = network(
    { twice: dense(2, { initializer: ones }), noise: dropout(0.5), out: dense(1, { initializer: ones }) },
    ({ twice, noise, out }, x, { training }) => (training ? noise(twice(twice(x))) : out(twice(x))),
  );
  const { params, output } = net.init(runtime.key(0), [1, 2]);
  expect(paths(params)).toEqual(['twice.weight 2×2', 'twice.bias 2', 'out.weight 2×1', 'out.bias 1']);
  expect(output).toEqual([1, 1]);
  expect(runtime.live().tensors).toBe(4);
  expect(await values(run(net, rows([[1, 2]])))).toEqual([6]);
});

test('network: the state goes from call to call, a second call draws other numbers', async () => {
  const net = network({ norm: batchNorm({ momentum: 0.5 }), drop: dropout(0.5) }, ({ norm, drop }, x) =>
    add(norm(norm(x)), add(mul(drop(x), 0), mul(drop(x), 0))),
  );
  const key = runtime.key(0);
  const made = net.init(key, [2, 1]);
  const [, next] = net.apply(made, rows([[1], [3]]), { training: true, key });
  // 0 → 0.5·2 = 1 by the first call, → 0.5·1 + 0.5·0 by the second, whose input is already centred.
  expect(await values(next.norm.mean)).toEqual([expect.closeTo(0.5, 6)]);
  const masks = network({ drop: dropout(0.5) }, ({ drop }, x) => add(drop(x), mul(drop(x), 10)));
  const y = await values(run(masks, rows([Array.from({ length: 64 }, () => 1)]), true));
  expect(new Set(y)).toEqual(new Set([0, 2, 20, 22]));
});

test('residual adds, parallel joins', async () => {
  expect(await values(run(residual(dense(2, { initializer: ones })), rows([[1, 2]])))).toEqual([4, 5]);
  const wide = parallel([dense(1, { initializer: ones }), tanh, (x: Tensor) => mul(x, 2)]);
  expect(await values(run(wide, rows([[0, 3]])))).toEqual([3, 0, expect.closeTo(Math.tanh(3), 6), 0, 6]);
  expect(wide.init(runtime.key(0), [1, 2]).output).toEqual([1, 5]);
  expect(await values(run(parallel([dense(2, { initializer: ones }), relu], { join: 'add' }), rows([[1, 2]])))).toEqual(
    [4, 5],
  );
});

test('gradients reach every layer of a composition, and nothing is left', () => {
  const net = sequential(residual(sequential(dense(3), tanh)), parallel([dense(2), dense(2)]), layerNorm());
  const key = runtime.key(0);
  const x = rows([
    [1, 2, 3],
    [4, 5, 7],
  ]);
  const { params, state } = net.init(key, [2, 3]);
  const { value, gradients } = valueAndGrad((p: typeof params) =>
    sum(
      mul(
        net.apply({ params: p, state }, x, { training: true, key })[0],
        rows([
          [1, 2, 3, 4],
          [4, -3, 2, 1],
        ]),
      ),
    ),
  )(params);
  expect(paths(gradients as Tree)).toEqual(paths(params));
  for (const { tensor } of [...leaves(params), ...leaves(gradients as Tree), { tensor: value }, { tensor: x }])
    tensor.dispose();
  // Two constants were made inside the differentiated function, which frees them.
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
});

test.each<[LayerLike, Shape]>([
  [sequential(flatten, dense(3, { activation: relu }), dropout(0.2), dense(2, { initializer: zeros })), [2, 2, 2]],
  [residual(sequential(dense(4), tanh, layerNorm())), [2, 4]],
  [parallel([batchNorm({ momentum: 0.3 }), relu], { join: 'add' }), [3, 4]],
])('a file rebuilds compositions: %#', async (layer, shape) => {
  const again = layerFromJson(JSON.parse(JSON.stringify(layerJson(layer))), [nnLayers]);
  expect(layerJson(again)).toEqual(layerJson(layer));
  const x = runtime.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.cos(i)),
    shape,
  );
  expect(await values(run(again as Layer, x))).toEqual(await values(run(layer as Layer, x)));
});

test('summary: names, shapes, parameters, and a table', () => {
  const {
    rows: found,
    parameters,
    text,
  } = summary(sequential(flatten, residual(sequential(dense(4), tanh)), dense(2)), [1, 2, 2]);
  expect(found.map(({ path, layer, output, parameters: count }) => [path, layer, output, count])).toEqual([
    ['', 'nn/sequential', [1, 2], 30],
    ['0', 'flatten', [1, 4], 0],
    ['1', 'nn/residual', [1, 4], 20],
    ['1.inner', 'nn/sequential', [1, 4], 20],
    ['1.inner.0', 'nn/dense', [1, 4], 20],
    ['1.inner.1', 'tanh', [1, 4], 0],
    ['2', 'nn/dense', [1, 2], 10],
  ]);
  expect(parameters).toBe(30);
  expect(text.split('\n').slice(0, 3)).toEqual([
    'path             layer          output  parameters',
    '·                nn/sequential  [1, 2]          30',
    '  0              flatten        [1, 4]           0',
  ]);
  expect(text.endsWith('30 parameters')).toBe(true);
});

const wrong = (value: unknown): LayerLike => value as LayerLike;
test.each<[string, () => unknown]>([
  ['sequential(): there must be at least one layer, got none.', () => sequential()],
  ['sequential(): layer 1 must be a layer or a function of a tensor, got object.', () => sequential(relu, wrong({}))],
  [
    "network(): layer 'a' must be a layer or a function of a tensor, got undefined.",
    () => network({ a: wrong(undefined) }, (_, x) => x),
  ],
  [
    "network(): forward must call every layer, got no call of 'idle'. Remove it, or call it.",
    () => network({ idle: dense(1) }, (_, x) => x).init(runtime.key(0), [1, 1]),
  ],
  [
    'residual(): its layer must keep the shape [1, 3], got [1,2].',
    () => residual(dense(2)).init(runtime.key(0), [1, 3]),
  ],
  [
    'parallel(): outputs must have one shape but for the last axis, got [1, 4] and [1, 2, 2].',
    () => parallel([flatten, relu]).init(runtime.key(0), [1, 2, 2]),
  ],
  ["parallel(): join must be 'concat' or 'add', got 'sum'.", () => parallel([relu], { join: 'sum' as 'add' })],
  ['dense(): units must be a whole number of at least 1, got 0.', () => dense(0)],
  [
    "dense(): options must be among bias, initializer, activation, got 'units'. Check the spelling.",
    () => dense(2, { units: 3 } as object),
  ],
  ['dense(): x must be [batch, …, features], got [4].', () => dense(1).init(runtime.key(0), [4])],
  ['dropout(): rate must lie in [0, 1), got 1.', () => dropout(1)],
  [
    'a network holds a function, which no file can hold',
    () => layerFromJson({ name: 'nn/network', config: null }, [nnLayers]),
  ],
  [
    'load(): a layer must be { name, config } or { function }, got 3. The file is damaged.',
    () => layerFromJson(3, [nnLayers]),
  ],
  [
    "load(): 'optimizers/sgd' must be a layer, got something else.",
    () => layerFromJson({ name: 'optimizers/sgd', config: {} }, [nnLayers]),
  ],
])('%s', (message, make) => {
  expect(make).toThrow(message);
});

test('a layer made for other lengths says so', () => {
  const key = runtime.key(0);
  const net = dense(2);
  expect(() => net.apply(net.init(key, [1, 3]), rows([[1, 2]]), { training: false, key })).toThrow(
    'dense(): x must have 3 features on its last axis, got [1, 2]. Its weights were made for 3.',
  );
});
