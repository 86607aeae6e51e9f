import { createRuntime, leaves, stepScalars, tensor } from '@dendrite/core';
import type { Tensor, Tree } from '@dendrite/spec';
import { expect, expectTypeOf, test } from 'vitest';
import { adam, averaged, clipped, grouped, linearRate, type PathOf, pathsWhere, scheduled, sgd } from '../index.ts';

const runtime = await createRuntime();
type Params = {
  readonly stem: { readonly weight: Tensor; readonly bias: Tensor };
  readonly layers: readonly [{ readonly scale: Tensor }, { readonly weight: Tensor }];
};
const make = (): Params => ({
  stem: { weight: runtime.tensor([1, 1, 1, 1], [2, 2]), bias: runtime.tensor([1, 1]) },
  layers: [{ scale: runtime.tensor([1]) }, { weight: runtime.tensor([1, 1], [1, 2]) }],
});
const ones = (params: Tree): Tree =>
  Object.fromEntries(
    leaves(params).map(({ path, tensor: each }) => [
      path,
      runtime.tensor(new Float32Array(each.size).fill(1), each.shape),
    ]),
  );
const nested = (flat: Tree): Params => {
  const at = (path: string): Tensor => (flat as Readonly<Record<string, Tensor>>)[path] as Tensor;
  return {
    stem: { weight: at('stem.weight'), bias: at('stem.bias') },
    layers: [{ scale: at('layers.0.scale') }, { weight: at('layers.1.weight') }],
  };
};
/** The first element of each parameter after one step with gradients of 1. */
async function stepped(optimizer: ReturnType<typeof grouped>): Promise<Readonly<Record<string, number>>> {
  const params = make();
  const state = optimizer.init(params);
  const scalars = stepScalars(runtime, optimizer.scalars(1, optimizer.learningRate));
  const { params: next } = optimizer.update(params, nested(ones(params)), state, scalars);
  const found = await Promise.all(
    leaves(next).map(async ({ path, tensor: each }) => [path, 1 - ((await each.data())[0] ?? 0)] as const),
  );
  return Object.fromEntries(found.map(([path, value]) => [path, Number(value.toFixed(4))]));
}

test('the first group that selects a parameter takes it; what is left is the rest', async () => {
  const optimizer = grouped<Params>(sgd({ learningRate: 0.5 }), [
    { parameters: 'stem.bias', optimizer: sgd({ learningRate: 0.1 }) },
    { parameters: { rankAtMost: 1 }, optimizer: sgd({ learningRate: 0.2 }) },
    { parameters: ['layers.*'], optimizer: sgd({ learningRate: 0.3 }) },
  ]);
  expect(await stepped(optimizer)).toEqual({
    'stem.weight': 0.5,
    'stem.bias': 0.1,
    'layers.0.scale': 0.2,
    'layers.1.weight': 0.3,
  });
});

test('a schedule around the whole scales every group; so does clipping see all of them', async () => {
  const whole = grouped<Params>(sgd({ learningRate: 0.5 }), [
    { parameters: '*.weight', optimizer: sgd({ learningRate: 0.1 }) },
  ]);
  expect(await stepped(scheduled(whole, linearRate({ from: 0.5, to: 1, steps: 9 })))).toEqual({
    'stem.weight': 0.05,
    'stem.bias': 0.25,
    'layers.0.scale': 0.25,
    'layers.1.weight': 0.05,
  });
  // Nine ones have the length 3.
  expect(await stepped(clipped(whole, { globalNorm: 1.5 }))).toMatchObject({ 'stem.bias': 0.25, 'stem.weight': 0.05 });
});

test('paths are typed, and a predicate gives them', () => {
  expectTypeOf<PathOf<Params>>().toEqualTypeOf<'stem.weight' | 'stem.bias' | 'layers.0.scale' | 'layers.1.weight'>();
  // @ts-expect-error There is no such parameter.
  grouped<Params>(sgd(), [{ parameters: 'stem.scale', optimizer: sgd() }]);
  // @ts-expect-error Nothing ends so.
  grouped<Params>(sgd(), [{ parameters: '*.filters', optimizer: sgd() }]);
  grouped(sgd(), [{ parameters: 'anything.at.all', optimizer: sgd() }]);
  const params = { a: { weight: tensor([[1]]) }, b: [tensor([1])] };
  expect(pathsWhere(params, ({ shape }) => shape.length === 2)).toEqual(['a.weight']);
});

test('what cannot be is refused', () => {
  const bias = sgd({ learningRate: 0.1 });
  expect(() => grouped(sgd(), [{ parameters: '*.offset', optimizer: bias }]).init(make())).toThrow(
    'grouped(): each group must select a parameter, got none for "*.offset" in group 0 of stem.weight, stem.bias, layers.0.scale, layers.1.weight. Correct the path.',
  );
  expect(() => grouped(sgd(), [{ parameters: { rank: 1 } as never, optimizer: bias }])).toThrow(
    'parameters must be a path, paths or { rankAtMost }, got {"rank":1}',
  );
  expect(() => grouped(averaged(adam()), [])).toThrow(
    "got 'optimizers/averaged'. Wrap the whole: averaged(grouped(…)).",
  );
  const optimizer = grouped(adam(), [{ parameters: '*.bias', optimizer: bias }]);
  const params = make();
  const state = optimizer.init(params);
  const scalars = stepScalars(runtime, optimizer.scalars(1, 0.1));
  const wrong = { ...make(), stem: { weight: runtime.tensor([1]), bias: runtime.tensor([1, 1]) } };
  expect(() => optimizer.update(params, wrong, state, scalars)).toThrow(
    "optimizers/grouped update(): gradients at 'stem.weight' must have the parameter's shape [2, 2], got [1].",
  );
  expect(leaves(params).every(({ tensor: each }) => each.alive)).toBe(true);
});
