import { createRuntime, leaves, stepScalars } from '@dendrite/core';
import type { Optimizer, Runtime, Tensor, Tree } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  accumulated,
  adaDelta,
  adaGrad,
  adaMax,
  adam,
  adamW,
  averaged,
  clipped,
  grouped,
  lion,
  lossScaled,
  nadam,
  optimizersTable,
  radam,
  rmsProp,
  rprop,
  scheduled,
  sgd,
  stepDecay,
} from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());

const all: readonly Optimizer[] = [
  sgd(),
  sgd({ momentum: 0.9 }),
  sgd({ momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  adaGrad(),
  rmsProp(),
  rmsProp({ centered: true, momentum: 0.5 }),
  adam(),
  adam({ amsGrad: true }),
  adamW(),
  clipped(adam(), { globalNorm: 1 }),
  clipped(sgd(), { value: 0.5 }),
  adaMax(),
  nadam(),
  radam(),
  adaDelta(),
  rprop(),
  lion({ weightDecay: 0.1 }),
  scheduled(adam(), stepDecay({ every: 2 })),
  averaged(adam(), { decay: 0.5 }),
  accumulated(adam(), { batches: 1 }),
  grouped(adam(), [{ parameters: ['stem.*', '0'], optimizer: sgd() }]),
  lossScaled(adam({ epsilon: 0 }), { scale: 1024 }),
];
const vector = (...data: number[]): Tensor => runtime.tensor(new Float64Array(data), [data.length], 'float64');
const scalars = (optimizer: Optimizer, step: number, more: Readonly<Record<string, number>> = {}) =>
  stepScalars(runtime, { ...optimizer.scalars(step, optimizer.learningRate), ...more }, { dtype: 'float64' });
const numbers = async (tree: Tree): Promise<number[]> =>
  (await Promise.all(leaves(tree).map(({ tensor }) => tensor.data('float64')))).flatMap((data) => [...data]);
const free = (...trees: readonly Tree[]): void => {
  for (const tree of trees) for (const { tensor } of leaves(tree)) tensor.dispose();
};

test.each(all.map((optimizer, i) => [`${optimizer.name} ${i}`, optimizer] as const))(
  '%s consumes parameters and state, keeps gradients, and leaves nothing else',
  async (_, optimizer) => {
    let params: Tree = { stem: { weight: vector(1, -2, 3) }, list: [vector(0.5)] };
    const before = leaves(params).map(({ tensor }) => tensor);
    const gradients: Tree = { stem: { weight: vector(0.1, 0.2, -0.3) }, list: [vector(2)] };
    let state = optimizer.init(params);
    const slots = leaves(state).map(({ tensor }) => tensor);
    for (let step = 1; step <= 3; step++) {
      const sent = scalars(optimizer, step);
      ({ params, state } = optimizer.update(params, gradients, state, sent));
      free(sent);
    }
    expect([...before, ...slots].map((tensor) => tensor.alive)).not.toContain(true);
    expect(leaves(gradients).every(({ tensor }) => tensor.alive)).toBe(true);
    expect(leaves(params).map(({ path }) => path)).toEqual(['stem.weight', 'list.0']);
    const [first = 0] = await numbers(params);
    expect(first).toBeLessThan(1);
    free(params, gradients, state);
    expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
  },
);

test.each(all.map((optimizer, i) => [`${optimizer.name} ${i}`, optimizer] as const))(
  '%s: proceed 0 hands everything through, NaN gradients leave no trace',
  async (_, optimizer) => {
    let params: Tree = [vector(1, -2)];
    let state = optimizer.init(params);
    ({ params, state } = optimizer.update(params, [vector(0.3, 0.4)], state, scalars(optimizer, 1, { proceed: 1 })));
    const good = [await numbers(params), await numbers(state)];
    ({ params, state } = optimizer.update(
      params,
      [vector(Number.NaN, Number.POSITIVE_INFINITY)],
      state,
      scalars(optimizer, 2, { proceed: 0 }),
    ));
    expect([await numbers(params), await numbers(state)]).toEqual(good);
    ({ params } = optimizer.update(params, [vector(Number.NaN, 1)], state, scalars(optimizer, 2, { proceed: 1 })));
    expect((await numbers(params))[0]).toBeNaN();
  },
);

test.each(all.map((optimizer, i) => [`${optimizer.name} ${i}`, optimizer] as const))(
  '%s is rebuilt from its name and config',
  async (_, optimizer) => {
    const again = optimizersTable[optimizer.name]?.(JSON.parse(JSON.stringify(optimizer.config)));
    expect(again).toMatchObject({
      name: optimizer.name,
      config: optimizer.config,
      learningRate: optimizer.learningRate,
    });
    expect(again?.scalars(3, 0.1)).toEqual(optimizer.scalars(3, 0.1));
    const run = async (made: Optimizer): Promise<number[]> => {
      const params: Tree = [vector(1, -2)];
      return numbers(made.update(params, [vector(0.3, 4)], made.init(params), scalars(made, 1)).params);
    };
    expect(again && (await run(again))).toEqual(await run(optimizer));
  },
);

test('float32 parameters take float32 scalars, mixed trees both', async () => {
  const params: Tree = { a: runtime.tensor(new Float32Array([1])), b: vector(1) };
  const optimizer = sgd({ learningRate: 0.5 });
  const sent = stepScalars(runtime, optimizer.scalars(1, 0.5));
  const { params: next } = optimizer.update(
    params,
    { a: runtime.tensor(new Float32Array([1])), b: vector(1) },
    optimizer.init(params),
    sent,
  );
  expect(await Promise.all(leaves(next).map(({ tensor }) => tensor.item()))).toEqual([0.5, 0.5]);
});

test('wrong trees are refused before anything is consumed', () => {
  const optimizer = adam();
  const params = { w: vector(1, 2), b: vector(3) };
  const state = optimizer.init(params);
  const sent = scalars(optimizer, 1);
  const gradients = { w: vector(1, 1), b: vector(1) };
  const attempt =
    (g: Tree, s: Tree = state, numbers = sent) =>
    () =>
      optimizer.update(params, g as typeof gradients, s as typeof state, numbers);
  expect(attempt({ w: vector(1, 1, 1), b: vector(1) })).toThrow(
    "optimizers/adam update(): gradients at 'w' must have the parameter's shape [2], got [3].",
  );
  expect(attempt({ w: vector(1, 1) })).toThrow("gradients must be a tree like the parameters', got 1 tensors for 2");
  expect(attempt({ w: vector(1, 1), c: vector(1) })).toThrow("got 'c' in place of 'b'");
  expect(attempt({ w: runtime.tensor(new Float32Array(2)), b: vector(1) })).toThrow(
    "gradients at 'w' must be float64 as the parameter is, got float32",
  );
  expect(attempt(gradients, {})).toThrow("state must hold 'm', got nothing");
  expect(attempt(gradients, state, {})).toThrow('scalars must hold stepSize, inverseRoot, got none');
  expect([params.w.alive, params.b.alive, state.m, state.v].every(Boolean)).toBe(true);
  const shared = vector(1);
  expect(() => optimizer.init({ a: shared, b: shared })).toThrow("got one tensor as 'a' and 'b'");
  expect(() => optimizer.init({ codes: runtime.tensor(new Int32Array(2)) })).toThrow(
    "parameter 'codes' must be float32 or float64, got int32",
  );
  expect(() => optimizer.scalars(0, 1)).toThrow('step must be an integer from 1 on, got 0');
});

test('an empty tree has nothing to do', () => {
  const optimizer = sgd();
  expect(optimizer.update({}, {}, optimizer.init({}), scalars(optimizer, 1))).toEqual({ params: {}, state: {} });
});
