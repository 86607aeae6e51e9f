/** Many steps in one call: the bits of one after another, in every mode, whatever the steps share; nothing left behind. */
import type { Runtime, StepNumbers, Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { add, compile, createRuntime, grad, mul, reshape, scan, slice, sum } from '../index.ts';
import { eager, firstState, free, noise, train, training, values } from './steps.fixture.ts';

const sizes = [4, 4, 4, 4, 4, 4, 4, 3, 3, 3, 4, 4];
/** How those are called: three scans of four, one of an odd batch, one more. */
const calls = [
  { first: 0, steps: 4, rows: 4 },
  { first: 4, steps: 3, rows: 4 },
  { first: 7, steps: 3, rows: 3 },
  { first: 10, steps: 2, rows: 4 },
];
const numbersOf = (i: number): StepNumbers => ({ rate: 0.1 / (i + 1), counter: i });

/** As `train` of the fixture, by scans. */
async function scanned(runtime: Runtime, step: ReturnType<typeof compiled>): Promise<number[][]> {
  let state = firstState(runtime);
  const losses: number[] = [];
  for (const { first, steps, rows } of calls) {
    const part = (size: number, seed: (i: number) => number): Float32Array =>
      Float32Array.from(Array.from({ length: steps }, (_, i) => [...noise(size * rows, seed(first + i))]).flat());
    const batches = {
      x: runtime.tensor(
        part(3, (i) => i),
        [steps, rows, 3],
      ),
      y: runtime.tensor(
        part(1, (i) => i + 50),
        [steps, rows, 1],
      ),
    };
    const scalars = Array.from({ length: steps }, (_, i) => numbersOf(first + i));
    const { state: next, out } = scan(step, state, batches, scalars);
    expect(state.mean.alive).toBe(false);
    state = next;
    expect(out.loss.shape).toEqual([steps]);
    losses.push(...(await out.loss.data()));
    free(batches, out);
  }
  const found = [losses, ...(await values(state))];
  free(state);
  return found;
}
const compiled = (runtime: Runtime, replay: boolean) => compile(training(runtime), { replay, integers: ['counter'] });

test.each([false, true])(
  'with replay: %s, the bits of single steps, with an odd batch, dropout, a schedule and a running mean',
  async (replay) => {
    const runtime = await createRuntime();
    const before = runtime.live();
    const expected = await train(runtime, eager(runtime), sizes);
    const step = compiled(runtime, replay);
    expect(await scanned(runtime, step)).toEqual(expected);
    expect(step.status).toMatchObject({ mode: replay ? 'replay' : 'checked', signatures: 2 });
    expect(await scanned(runtime, step)).toEqual(expected);
    expect(await train(runtime, step, sizes)).toEqual(expected);
    step.dispose();
    expect(runtime.live()).toEqual(before);
  },
);

test('replayed steps run without their code and with one allocation a tensor that they give', async () => {
  const runtime = await createRuntime();
  const step = compiled(runtime, true);
  let state = firstState(runtime);
  const batches = { x: runtime.tensor(noise(60, 0), [10, 2, 3]), y: runtime.tensor(noise(20, 1), [10, 2, 1]) };
  const scalars = Array.from({ length: 10 }, (_, i) => numbersOf(i));
  const allocate = runtime.device.allocate.bind(runtime.device);
  let allocations = 0;
  runtime.device.allocate = (bytes) => {
    allocations++;
    return allocate(bytes);
  };
  let [settled, live] = [0, runtime.live()];
  for (let i = 0; i < 100; i++) {
    const made = scan(step, state, batches, scalars);
    made.out.loss.dispose();
    state = made.state;
    if (i === 1) [settled, live] = [allocations, runtime.live()];
  }
  expect([allocations - settled, runtime.live()]).toEqual([98, live]);
  free(state, batches);
  step.dispose();
  expect(runtime.live().bytes).toBe(0);
});

type Sum = { readonly w: Tensor };
type Term = { readonly x: Tensor };
/** `w ← 2w + x`, and gives w. */
const doubling = () =>
  compile(({ w }: Sum, { x }: Term) => ({ state: { w: add(mul(w, 2), x) }, out: { was: mul(w, 1) } }), {
    replay: true,
  });

test('steps take their parts from wherever those lie: in a part of a table, behind single ones', async () => {
  const runtime = await createRuntime();
  const step = doubling();
  const table = runtime.tensor([9, 9, 1, 2, 3, 4, 5, 6, 7, 8], [5, 2]);
  const whole = slice(table, { begin: [1] });
  for (let i = 0; i < 3; i++) {
    const { state, out } = scan(step, { w: runtime.tensor([0, 1]) }, { x: whole });
    expect(await state.w.toArray()).toEqual([37, 68]);
    expect(await out.was.toArray()).toEqual([
      [0, 1],
      [1, 4],
      [5, 12],
      [15, 30],
    ]);
    free(state, out);
  }
  const single = step({ w: runtime.tensor([0, 1]) }, { x: runtime.tensor([1, 2]) });
  expect(await single.state.w.toArray()).toEqual([1, 4]);
  free(table, whole);
  await runtime.dispose();
});

test('state that somebody else holds is left alone', async () => {
  const runtime = await createRuntime();
  const step = doubling();
  const x = runtime.tensor([1, 1, 1], [3, 1]);
  for (let i = 0; i < 3; i++) {
    const w = runtime.tensor([1]);
    const held = reshape(w, [1]);
    const { state, out } = scan(step, { w }, { x });
    expect([await held.toArray(), await state.w.toArray(), await out.was.toArray()]).toEqual([
      [1],
      [15],
      [[1], [3], [7]],
    ]);
  }
  expect(step.status.mode).toBe('replay');
  await runtime.dispose();
});

test('steps that hand through, swap, or give one tensor twice are run one by one', async () => {
  const runtime = await createRuntime();
  const step = compile(
    ({ a, b }: { readonly a: Tensor; readonly b: Tensor }, { x }: Term) => {
      const next = add(a, x);
      return { state: { a: b, b: next }, out: { x, next: mul(next, 1) } };
    },
    { replay: true },
  );
  const x = runtime.tensor([1, 2, 3, 4], [4, 1]);
  for (let i = 0; i < 3; i++) {
    const { state, out } = scan(step, { a: runtime.tensor([10]), b: runtime.tensor([20]) }, { x });
    expect(await values({ state, out })).toEqual([[14], [26], [1, 2, 3, 4], [11, 22, 14, 26]]);
    free(state, out);
  }
  expect(step.status.mode).toBe('replay');
  await runtime.dispose();
});

test('one number for all steps; steps without a batch; forty of them', async () => {
  const runtime = await createRuntime();
  const step = compile(({ w }: Sum, _: Readonly<Record<never, never>>, { by }) => ({
    state: { w: mul(w, by as Tensor) },
    out: { w: mul(w, 1) },
  }));
  const list = Array.from({ length: 40 }, (_, i) => ({ by: i % 2 === 0 ? 2 : 0.5 }));
  const { state, out } = scan(step, { w: runtime.tensor([3]) }, {}, list);
  expect(await state.w.item()).toBe(3);
  expect(await out.w.toArray()).toEqual(list.map((_, i) => [i % 2 === 0 ? 3 : 6]));
  const replayed = compile(
    ({ w }: Sum, { x }: Term, { by }) => ({ state: { w: add(mul(w, by as Tensor), x) }, out: {} }),
    { replay: true },
  );
  const x = runtime.tensor([1, 1, 1, 1], [4, 1]);
  for (let i = 0; i < 3; i++) {
    const { state } = scan(replayed, { w: runtime.tensor([1]) }, { x }, { by: 2 });
    expect(await state.w.item()).toBe(31);
  }
  await runtime.dispose();
});

test('a gradient through many steps', async () => {
  const runtime = await createRuntime();
  const step = doubling();
  const slope = grad((x: Tensor) => sum(scan(step, { w: runtime.tensor([1]) }, { x }).state.w))(
    runtime.tensor([1, 1, 1], [3, 1]),
  );
  expect(await slope.toArray()).toEqual([[4], [2], [1]]);
  await runtime.dispose();
});

test('wrong use', async () => {
  const runtime = await createRuntime();
  const step = compile(
    ({ w }: Sum, { x }: Term, { by }) => ({
      state: { w: add(mul(w, by ?? 1), x) },
      out: {},
    }),
    { replay: true },
  );
  const w = runtime.tensor([1]);
  const x = runtime.tensor([1, 2], [2, 1]);
  expect(() => scan(step, { w }, { x }, [{ by: 1 }])).toThrow(
    'scan(): all batches and scalars must be of the same number of steps, got 2 in batches.x and 1 in scalars.',
  );
  expect(() => scan(step, { w }, { x: runtime.tensor([], [0, 1]) })).toThrow(
    'scan(): the first axis of batches.x must be the steps, at least one, got a length of 0.',
  );
  expect(() => scan(step, { w }, { x: runtime.tensor(1) })).toThrow('got a single number');
  const none = compile((state: Sum) => ({ state, out: {} }));
  expect(() => scan(none, { w }, {})).toThrow('scan(): batches or scalars must tell how many steps there are');
  let state: Sum = { w };
  for (let i = 0; i < 2; i++) ({ state } = scan(step, state, { x }, [{ by: 1 }, { by: 2 }]));
  expect(() => scan(step, state, { x }, [{ by: 1 }, { rate: 2 }])).toThrow(
    'scan(): all steps must have the same scalars in the same order, got rate at step 1 and by before.',
  );
  const text: unknown = 'much';
  expect(() => scan(step, state, { x }, [{ by: 1 }, { by: text as number }])).toThrow(
    "compile(): step scalar 'by' must be a number, got string much.",
  );
  expect(await state.w.toArray()).toEqual([16]);
  await runtime.dispose();
});

test('a scan that is only traced leaves the state to its owner', async () => {
  const runtime = await createRuntime();
  const step = compile(
    ({ w }: { w: Tensor }, { x }: { x: Tensor }) => ({ state: { w: add(mul(w, 2), x) }, out: { l: mul(w, 2) } }),
    { replay: true },
  );
  let state: { w: Tensor } = { w: runtime.tensor([1, 2]) };
  const x = runtime.tensor([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  for (let i = 0; i < 3; i++) {
    await runtime.load(() => scan(step, state, { x }));
    runtime.trace(() => scan(step, state, { x }));
    expect(state.w.alive).toBe(true);
    ({ state } = scan(step, state, { x }));
  }
  expect(step.status.mode).toBe('replay');
  step.dispose();
});

test('scalars of all steps are looked at before the first takes the state', async () => {
  const runtime = await createRuntime();
  const step = compile(({ w }: { w: Tensor }, _: object, { by }) => ({ state: { w: mul(w, by ?? 1) }, out: { w } }), {
    replay: true,
    integers: ['count'],
  });
  const state = { w: runtime.tensor([1, 2]) };
  const lists: readonly (readonly (StepNumbers | undefined)[])[] = [
    [{ by: 1 }, { by: 2 }, { rate: 2 }],
    [{ by: 1 }, undefined],
    [
      { by: 1, count: 1 },
      { count: 1, by: 1 },
    ],
    [
      { by: 1, count: 1 },
      { by: 1, count: 1.5 },
    ],
    [{ by: 1 }, JSON.parse('{ "by": "x" }')],
  ];
  for (const scalars of lists) {
    expect(() => scan(step, state, {}, scalars as readonly StepNumbers[])).toThrow(
      expect.objectContaining({ code: 'OPTION' }),
    );
    expect(state.w.alive).toBe(true);
  }
  expect(() => scan(step, state, JSON.parse('null'))).toThrow('batches must be an object, got null');
  step.dispose();
});

test.each([false, true])('what it gives may be the next state: all of them, stacked, replay: %s', async (replay) => {
  const runtime = await createRuntime();
  const step = compile(
    ({ a }: { a: Tensor }, { x }: { x: Tensor }) => {
      const next = add(a, x);
      return { state: { a: next }, out: { a: next } };
    },
    { replay },
  );
  const x = runtime.tensor(new Float32Array(10).fill(1), [5, 2]);
  for (let i = 0; i < 3; i++) {
    const { state, out } = scan(step, { a: runtime.tensor([0, 10]) }, { x });
    expect(await out.a.toArray()).toEqual([1, 2, 3, 4, 5].map((each) => [each, 10 + each]));
    expect(await state.a.toArray()).toEqual([5, 15]);
    free(state, out);
  }
  step.dispose();
  x.dispose();
  expect(runtime.live()).toMatchObject({ tensors: 0, buffers: 0 });
});
