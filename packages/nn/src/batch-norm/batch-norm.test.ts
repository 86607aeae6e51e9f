/** Values of layers by hand; the reference files of the repository compare them with PyTorch. */
import { checkGradients, createRuntime, mul, sum } from '@dendrite/core';
import { hostKey, normals } from '@dendrite/random';
import type { Runtime, Tensor } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batchNorm, dense, dropout, flatten, layerNorm } from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());
const float64 = (data: ArrayLike<number>, shape: readonly number[]): Tensor =>
  runtime.tensor(Float64Array.from(data), shape, 'float64');
const values = async (x: Tensor): Promise<number[]> =>
  [...(await x.data(x.dtype === 'float64' ? 'float64' : 'float32'))].map(Number);
const near = (numbers: readonly number[], digits = 6) => numbers.map((each) => expect.closeTo(each, digits));

test('batchNorm: the batch is normalised, the running variance takes the unbiased one', async () => {
  const norm = batchNorm({ momentum: 0.5 });
  const key = runtime.key(0);
  const made = norm.init(key, [4, 1]);
  const [y, next] = norm.apply(made, runtime.tensor([[1], [2], [3], [6]]), { training: true, key });
  const deviation = Math.sqrt(3.5 + 1e-5);
  expect(await values(y)).toEqual(near([-2 / deviation, -1 / deviation, 0, 3 / deviation]));
  expect(await values(next.mean)).toEqual([1.5]);
  expect(await values(next.variance)).toEqual(near([0.5 + 0.5 * (14 / 3)]));
  const [later, same] = norm.apply({ params: made.params, state: next }, runtime.tensor([[1.5]]), {
    training: false,
    key,
  });
  expect(await values(later)).toEqual([0]);
  expect(same).toBe(next);
});
test('batchNorm: one value a channel leaves the running variance as it is', async () => {
  const norm = batchNorm();
  const key = runtime.key(0);
  const [y, next] = norm.apply(norm.init(key, [1, 2]), runtime.tensor([[4, -4]]), { training: true, key });
  expect(await values(y)).toEqual([0, 0]);
  expect(await values(next.variance)).toEqual([1, 1]);
  expect(await values(next.mean)).toEqual(near([0.4, -0.4]));
});
test('batchNorm and layerNorm: gradients of x, scale and offset', async () => {
  const key = runtime.key(0);
  const weight = float64(normals(hostKey(2), 12), [2, 2, 3]);
  const given = {
    x: float64(normals(hostKey(1), 12), [2, 2, 3]),
    scale: float64([1, 2, -1], [3]),
    offset: float64([0, 1, 2], [3]),
  };
  const state = { mean: float64([0, 0, 0], [3]), variance: float64([1, 1, 1], [3]) };
  for (const training of [true, false]) {
    const report = await checkGradients(
      ({ x, scale, offset }: typeof given) =>
        sum(mul(batchNorm().apply({ params: { scale, offset }, state }, x, { training, key })[0], weight)),
      given,
    );
    expect(report.failures).toEqual([]);
  }
  const report = await checkGradients(
    ({ x, scale, offset }: typeof given) =>
      sum(mul(layerNorm().apply({ params: { scale, offset }, state: {} }, x, { training: true, key })[0], weight)),
    given,
  );
  expect(report.failures).toEqual([]);
});
test('layerNorm: each row by itself', async () => {
  const key = runtime.key(0);
  const norm = layerNorm();
  const [y] = norm.apply(
    norm.init(key, [2, 2]),
    runtime.tensor([
      [1, 3],
      [-5, 5],
    ]),
    { training: false, key },
  );
  expect(await values(y)).toEqual(near([-1, 1, -1, 1], 4));
});
test('dropout: zeros in the share asked for, the rest scaled, the same for the same step', async () => {
  const layer = dropout(0.25);
  const x = runtime.tensor(new Float32Array(4000).fill(3), [40, 100]);
  const at = async (step: number): Promise<number[]> => {
    const counter = runtime.tensor(new Int32Array([step]), [], 'int32') as Tensor<readonly []>;
    return values(layer.apply({ params: {}, state: {} }, x, { training: true, key: runtime.key(1).at(counter) })[0]);
  };
  const first = await at(1);
  expect(new Set(first)).toEqual(new Set([0, 4]));
  expect(first.filter((each) => each === 0).length / 4000).toBeCloseTo(0.25, 1);
  expect(await at(1)).toEqual(first);
  expect(await at(2)).not.toEqual(first);
  expect(layer.apply({ params: {}, state: {} }, x, { training: false, key: runtime.key(1) })[0]).toBe(x);
});
test('dense: rows and sequences, by hand', async () => {
  const key = runtime.key(0);
  const params = {
    weight: runtime.tensor([
      [1, 2],
      [3, 4],
    ]),
    bias: runtime.tensor([10, 20]),
  };
  const apply = async (x: Tensor): Promise<number[]> =>
    values(dense(2).apply({ params, state: {} }, x, { training: false, key })[0]);
  expect(
    await apply(
      runtime.tensor([
        [1, 1],
        [0, 2],
      ]),
    ),
  ).toEqual([14, 26, 16, 28]);
  expect(
    await apply(
      runtime.tensor([
        [
          [1, 1],
          [0, 2],
        ],
      ]),
    ),
  ).toEqual([14, 26, 16, 28]);
  expect(await apply(runtime.tensor(new Float32Array(0), [0, 2]))).toEqual([]);
  expect(
    await values(
      dense(2, { bias: false }).apply({ params: { weight: params.weight }, state: {} }, runtime.tensor([[1, 1]]), {
        training: false,
        key,
      })[0],
    ),
  ).toEqual([4, 6]);
});
test('flatten keeps the batch axis, also of an empty batch', () => {
  expect(flatten(runtime.tensor(new Float32Array(24), [2, 3, 4])).shape).toEqual([2, 12]);
  expect(flatten(runtime.tensor(new Float32Array(0), [0, 3, 4])).shape).toEqual([0, 12]);
  expect(flatten(runtime.tensor(new Float32Array(2), [2])).shape).toEqual([2, 1]);
  expect(() => flatten(runtime.tensor(1))).toThrow('flatten(): x must have a batch axis');
});
