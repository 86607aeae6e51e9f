import { expect, test } from 'vitest';
import { createRuntime, layer, mul, ones, stepScalars } from '../index.ts';

const runtime = await createRuntime();
const scale = layer({
  name: '@acme/scale',
  config: { by: 3 },
  init: (key, input) => ({ params: { factor: mul(ones([], { runtime: key.runtime }), 3) }, output: input }),
  apply: ({ factor }, x) => mul(x, factor),
});

test('a layer from two functions has no state', async () => {
  const key = runtime.key(1);
  const { params, state, output } = scale.init(key, [2, 2]);
  expect([state, output]).toEqual([{}, [2, 2]]);
  const [y, next] = scale.apply({ params, state }, runtime.tensor([1, 2]), { training: false, key });
  expect(await y.toArray()).toEqual([3, 6]);
  expect(next).toBe(state);
  expect([scale.name, scale.config, Object.isFrozen(scale)]).toEqual(['@acme/scale', { by: 3 }, true]);
});

test('step scalars are rank-0 tensors of the same names', async () => {
  const scalars = stepScalars(runtime, { learningRate: 1e-3, correction: 0.1 });
  expect(Object.keys(scalars)).toEqual(['learningRate', 'correction']);
  expect(scalars.learningRate).toMatchObject({ shape: [], dtype: 'float32' });
  expect(await scalars.learningRate?.item()).toBe(Math.fround(1e-3));
  const wide = stepScalars(runtime, { learningRate: 1e-3 }, { dtype: 'float64' });
  expect(await wide.learningRate?.item()).toBe(1e-3);
});
