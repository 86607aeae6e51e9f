/** Embeddings by hand: rows, padding, tied weights, a model that learns from codes, files, wrong uses. */
import { createRuntime, sum, valueAndGrad } from '@dendrite/core';
import { adam } from '@dendrite/optimizers';
import type { Runtime, Tensor } from '@dendrite/spec';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  classifier,
  dense,
  embedding,
  flatten,
  layerFromJson,
  layerJson,
  nnLayers,
  sequential,
  tied,
  zeros,
} from '../index.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime();
});
afterAll(() => runtime.dispose());
const values = async (x: Tensor): Promise<number[]> => [...(await x.data())];
const context = () => ({ training: true, key: runtime.key(1) });
const codes = (data: readonly number[], shape: readonly number[]): Tensor =>
  runtime.tensor(Int32Array.from(data), shape, 'int32');

test('rows by code; gradients of a code that comes twice add up, the padding has none', async () => {
  const layer = embedding(4, 2, { paddingIndex: 0 });
  const { params } = layer.init(runtime.key(3), [1, 4]);
  expect((await values(params.weight)).slice(0, 2)).toEqual([0, 0]);
  const weight = runtime.tensor([
    [9, 9],
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const x = codes([3, 0, 1, 3], [1, 4]);
  const { gradients, aux } = valueAndGrad((given: { weight: Tensor }) => {
    const [y] = layer.apply({ params: given, state: {} }, x, context());
    return { loss: sum(y), aux: y };
  })({ weight });
  expect(await values(aux)).toEqual([5, 6, 9, 9, 1, 2, 5, 6]);
  expect(await values(gradients.weight)).toEqual([0, 0, 1, 1, 0, 0, 2, 2]);
});

test('whole numbers of other dtypes are codes, too; bools are not', async () => {
  const layer = embedding(3, 1);
  const weight = runtime.tensor([[10], [20], [30]]);
  const apply = (x: Tensor): Tensor => layer.apply({ params: { weight }, state: {} }, x, context())[0];
  expect(await values(apply(runtime.tensor([2, 0])))).toEqual([30, 10]);
  expect(await values(apply(runtime.tensor(Uint8Array.of(1))))).toEqual([20]);
  expect(apply(codes([], [0, 5])).shape).toEqual([0, 5, 1]);
  expect(() => apply(runtime.tensor([true]))).toThrow("got bool [1]. Write cast(x, 'int32').");
  expect(() => apply(codes([3], [1]))).toThrow('gather(): indices must be from 0 to 2, got 3.');
});

test('tied weights serve both sides, and their gradient is the sum of both', async () => {
  const layer = tied(embedding(2, 2), (x: Tensor) => x, { bias: false });
  const weight = runtime.tensor([
    [1, 2],
    [3, 5],
  ]);
  const x = codes([1], [1]);
  const { gradients, aux } = valueAndGrad((given: { weight: Tensor }) => {
    const [y] = layer.apply({ params: { embedding: given, inner: {} }, state: { inner: {} } }, x, context());
    return { loss: sum(y), aux: y };
  })({ weight });
  // logits = (w1·w0, w1·w1); d/dw0 = w1, d/dw1 = w0 + 2 w1
  expect(await values(aux)).toEqual([13, 34]);
  expect(await values(gradients.weight)).toEqual([3, 5, 7, 12]);
});

test('a file rebuilds both, and a classifier learns from codes', async () => {
  const layer = tied(embedding(5, 3, { paddingIndex: 1, initializer: zeros }), dense(3), { bias: false });
  const again = layerFromJson(JSON.parse(JSON.stringify(layerJson(layer))), [nnLayers]);
  expect(layerJson(again)).toEqual(layerJson(layer));
  const x = Array.from({ length: 40 }, (_, i) => [i % 4, (i * 7) % 4]);
  const model = classifier(sequential(embedding(4, 4), flatten, dense(2)), {
    scaling: 'none',
    optimizer: adam({ learningRate: 0.05 }),
  });
  const fitted = await model.fit({ x, y: x.map(([a = 0]) => (a % 2 === 0 ? 'even' : 'odd')) }, { epochs: 60, seed: 1 });
  expect(
    await fitted.predict([
      [2, 2],
      [3, 1],
    ]),
  ).toEqual(['even', 'odd']);
});

test.each<[() => unknown, string]>([
  [() => embedding(0, 2), 'embedding(): vocabulary must be a whole number of at least 1, got 0.'],
  [() => embedding(3, 2, { paddingIndex: 3 }), 'embedding(): paddingIndex must be a code from 0 to 2, got 3.'],
  [() => tied(dense(3) as never, dense(3)), 'tied(): words must be an embedding, got nn/dense.'],
  [
    () => tied(embedding(5, 3), dense(2)).init(runtime.key(0), [1, 4]),
    "tied(): its layer must end in the embedding's size 3, got [1,4,2]. End it with dense(3).",
  ],
])('teaches by its error %#', (run, message) => {
  expect(run).toThrow(message);
});
