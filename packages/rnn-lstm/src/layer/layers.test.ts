import { add, concat, createRuntime, grad, mul, reshape, slice, sum, valueAndGrad, zeros } from '@dendrite/core';
import { layerFromJson, layerJson, nnLayers } from '@dendrite/nn';
import { isDendriteError, type Runtime, type Tensor } from '@dendrite/spec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  gru,
  gruCell,
  type HiddenState,
  lstm,
  lstmCell,
  type RecurrentLayer,
  type RecurrentOptions,
  rnnLayers,
  runSequence,
  simpleRnn,
  simpleRnnCell,
} from '../index.ts';

let runtime: Runtime;
beforeEach(async () => {
  runtime = await createRuntime();
});
afterEach(() => runtime.dispose());

const sequences = (shape: readonly number[]): Tensor =>
  runtime.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.7 * i)),
    shape,
  );
const steps = (x: Tensor, begin: number, count: number): Tensor => slice(x, { begin: [0, begin], size: [-1, count] });
const close = async (a: Tensor | undefined, b: Tensor | undefined): Promise<void> => {
  const [one, other] = [await a?.data(), await b?.data()];
  expect(a?.shape).toEqual(b?.shape);
  one?.forEach((value, i) => {
    expect(value).toBeCloseTo(other?.[i] ?? Number.NaN, 5);
  });
};
const kinds: Readonly<Record<string, (options?: RecurrentOptions) => RecurrentLayer<HiddenState>>> = {
  lstm: (options = {}) => lstm(3, options) as RecurrentLayer<HiddenState>,
  gru: (options = {}) => gru(3, options),
  simpleRnn: (options = {}) => simpleRnn(3, options),
};

test.each(Object.entries(kinds))('%s: a short sequence among longer ones is as it is alone', async (_name, make) => {
  for (const options of [{ layers: 2 }, { bidirectional: true, layers: 2 }, { reverse: true }]) {
    const layer: RecurrentLayer<HiddenState> = make(options);
    const x = sequences([3, 5, 2]);
    const { params } = layer.init(runtime.key(1), x.shape);
    const ragged = runSequence(layer, params, x, { lengths: [5, 2, 0] });
    const alone = runSequence(layer, params, slice(x, { begin: [1], size: [1, 2] }));
    await close(slice(ragged.outputs, { begin: [1], size: [1, 2] }), alone.outputs);
    for (const [i, state] of ragged.state.entries())
      await close(slice(state.hidden, { begin: [1], size: [1] }), alone.state[i]?.hidden);
    expect(await sum(slice(ragged.outputs, { begin: [1, 2], size: [1, 3] })).item()).toBe(0);
    expect(await sum(slice(ragged.outputs, { begin: [2] })).item()).toBe(0);
  }
});

test('no gradient comes from behind the end of a sequence', async () => {
  const layer = gru(3, { bidirectional: true });
  const x = sequences([2, 4, 2]);
  const { params } = layer.init(runtime.key(1), x.shape);
  const gradient = await grad((given: Tensor) => sum(runSequence(layer, params, given, { lengths: [4, 1] }).outputs))(
    x,
  ).toArray();
  const [, short] = gradient as readonly (readonly (readonly number[])[])[];
  expect(short?.slice(1).flat()).toEqual([0, 0, 0, 0, 0, 0]);
  expect(short?.[0]?.some((value) => value !== 0)).toBe(true);
});

test.each(Object.entries(kinds))('%s: two halves with the state handed on give the whole', async (_name, make) => {
  const layer: RecurrentLayer<HiddenState> = make({ layers: 2 });
  const x = sequences([2, 6, 2]);
  const { params } = layer.init(runtime.key(1), x.shape);
  const whole = runSequence(layer, params, x);
  const first = runSequence(layer, params, steps(x, 0, 4));
  const second = runSequence(layer, params, steps(x, 4, 2), { state: first.state });
  await close(concat([first.outputs, second.outputs], { axis: 1 }), whole.outputs);
  await close(second.state[1]?.hidden, whole.state[1]?.hidden);
});

test('cells step by step give the values and gradients of the layer', async () => {
  const x = sequences([2, 3, 2]);
  const [cell, layer] = [lstmCell(3), lstm(3)];
  const { params } = layer.init(runtime.key(1), x.shape);
  const own = params[0]?.forward;
  if (!own) throw new Error('a level must be there');
  const key = runtime.key(0);
  const stepped = valueAndGrad((given: typeof own) => {
    let now = { hidden: zeros([2, 3], { runtime }), cell: zeros([2, 3], { runtime }) };
    for (let t = 0; t < 3; t++) {
      const at = reshape(slice(x, { begin: [0, t], size: [2, 1] }), [2, 2]);
      [now] = cell.apply({ params: given, state: {} }, { x: at, ...now }, { training: false, key });
    }
    return sum(add(mul(now.hidden, now.hidden), now.cell));
  })(own);
  const whole = valueAndGrad((given: typeof own) => {
    const { state } = runSequence(layer, [{ forward: given }], x);
    const [last] = state;
    return last ? sum(add(mul(last.hidden, last.hidden), last.cell)) : zeros([], { runtime });
  })(own);
  await close(stepped.value, whole.value);
  await close(stepped.gradients.input, whole.gradients.input);
  await close(stepped.gradients.recurrent, whole.gradients.recurrent);
  await close(stepped.gradients.bias, whole.gradients.bias);
});

test('all cells have the shapes that their layers have', () => {
  const key = runtime.key(1);
  const shapes = { x: [2, 4], hidden: [2, 3] };
  expect(gruCell(3).init(key, shapes).output).toEqual({ hidden: [2, 3] });
  expect(simpleRnnCell(3, { activation: 'relu', bias: false }).init(key, shapes).params).not.toHaveProperty('bias');
  expect(lstmCell(3).init(key, { ...shapes, cell: [2, 3] }).output).toEqual({ hidden: [2, 3], cell: [2, 3] });
});

test('a carried state goes on from batch to batch in training alone, and no gradient with it', async () => {
  const layer = lstm(3, { carry: 2 });
  const x = sequences([2, 6, 2]);
  const key = runtime.key(1);
  const { params, state } = layer.init(key, x.shape);
  const context = { training: true, key };
  const [, next] = layer.apply({ params, state }, steps(x, 0, 3), context);
  const [second] = layer.apply({ params, state: next }, steps(x, 3, 3), context);
  await close(second, steps(runSequence(layer, params, x).outputs, 3, 3));
  const [alone, kept] = layer.apply({ params, state: next }, steps(x, 3, 3), { training: false, key });
  await close(alone, runSequence(layer, params, steps(x, 3, 3)).outputs);
  expect(kept).toBe(next);
  const gradient = grad((given: Tensor) => {
    const [, after] = layer.apply({ params, state }, given, context);
    return sum(layer.apply({ params, state: after }, steps(x, 3, 3), context)[0]);
  })(steps(x, 0, 3));
  expect(await sum(mul(gradient, gradient)).item()).toBe(0);
});

test('the forget gate begins open, the other biases at 0', async () => {
  const { params } = lstm(2).init(runtime.key(1), [1, 1, 1]);
  expect(await params[0]?.forward.bias?.toArray()).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
});

test('layers and cells are rebuilt from their JSON', () => {
  const made = [
    simpleRnn(3, { activation: 'relu' }),
    lstm(4, { layers: 2, dropout: 0.1, forgetBias: 0, carry: 8 }),
    gru(2, { bidirectional: true, output: 'last' }),
    lstmCell(3),
    gruCell(3),
    simpleRnnCell(2),
  ];
  for (const each of made) {
    const json: object = { name: each.name, config: each.config };
    const again = layerFromJson(json as ReturnType<typeof layerJson>, [nnLayers, rnnLayers]);
    expect(layerJson(again)).toEqual(json);
  }
});

test.each<readonly [what: string, run: () => unknown, code: 'OPTION' | 'SHAPE' | 'DATA', words: RegExp]>([
  ['units', () => lstm(0), 'OPTION', /units must be a whole number of at least 1, got 0/],
  [
    'a name of others',
    () => lstm(3, { return_sequences: true } as object),
    'OPTION',
    /got 'return_sequences'. Write output/,
  ],
  ['an output', () => gru(3, { output: 'all' as 'last' }), 'OPTION', /'sequence' or 'last', got 'all'/],
  ['carry with two directions', () => gru(3, { bidirectional: true, carry: 2 }), 'OPTION', /carry must not be given/],
  [
    'a series without channels',
    () => lstm(3).init(runtime.key(0), [2, 5]),
    'SHAPE',
    /\[batch, time, channels\], got \[2, 5\]/,
  ],
  [
    'other channels',
    () => runSequence(lstm(3), lstm(3).init(runtime.key(0), [1, 2, 4]).params, zeros([1, 2, 5], { runtime })),
    'SHAPE',
    /\[batch, time, 4\], got \[1, 2, 5\]/,
  ],
  [
    'too few lengths',
    () =>
      runSequence(lstm(3), lstm(3).init(runtime.key(0), [2, 2, 4]).params, zeros([2, 2, 4], { runtime }), {
        lengths: [1],
      }),
    'SHAPE',
    /each of the 2 sequences, got 1/,
  ],
  [
    'a length past the end',
    () =>
      runSequence(lstm(3), lstm(3).init(runtime.key(0), [2, 2, 4]).params, zeros([2, 2, 4], { runtime }), {
        lengths: [1, 3],
      }),
    'DATA',
    /from 0 to 2, the steps of x, got 3 for sequence 1/,
  ],
  [
    'states of fewer cells',
    () =>
      runSequence(
        gru(3, { layers: 2 }),
        gru(3, { layers: 2 }).init(runtime.key(0), [1, 1, 1]).params,
        zeros([1, 1, 1], { runtime }),
        { state: [] },
      ),
    'OPTION',
    /each of its 2 cells, got 0/,
  ],
])('wrong use: %s', (_what, run, code, words) => {
  let caught: unknown;
  try {
    run();
  } catch (error) {
    caught = error;
  }
  expect(isDendriteError(caught, code), String(caught)).toBe(true);
  expect(String(caught)).toMatch(words);
});
