/** Compiled steps: the bits of the eager step, in whatever mode; state that is given away; nothing left behind. */
import type { StepScalars, Tensor } from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import { add, compile, createRuntime, mul } from '../index.ts';

import { eager, firstState, free, noise, rows, scale, scaled, train, training, values } from './steps.fixture.ts';

describe.each([false, true])('with replay: %s', (replay) => {
  test('the bits of the eager step, with an odd batch, dropout, momentum and a running mean', async () => {
    const runtime = await createRuntime();
    const before = runtime.live();
    const expected = await train(runtime, eager(runtime), rows);
    const step = compile(training(runtime), { replay, integers: ['counter'] });
    expect(step.status).toMatchObject({ mode: 'eager', reason: 'it has not run yet', signatures: 0, bytes: 0 });
    expect(await train(runtime, step, rows)).toEqual(expected);
    expect(step.status).toMatchObject({ mode: replay ? 'replay' : 'checked', signatures: 2 });
    expect(step.status.bytes).toBeGreaterThan(0);
    expect(step.status.reason).toBeUndefined();
    // A second run on the same recordings.
    expect(await train(runtime, step, rows)).toEqual(expected);
    step.dispose();
    expect(runtime.live()).toEqual(before);
  });
});

test('captured tensors are constants, and live as long as the recording', async () => {
  const runtime = await createRuntime();
  const outside = runtime.tensor([5, 7]);
  const step = compile(
    scale((w) => add(w, outside)),
    { replay: true },
  );
  const found = await scaled(runtime, step, 3);
  outside.dispose();
  expect(await scaled(runtime, step, 3)).toEqual(found);
  expect(step.status.mode).toBe('replay');
  step.dispose();
  expect(runtime.live().bytes).toBe(0);
});

test('traced, a step consumes and records nothing, whatever its mode', async () => {
  const runtime = await createRuntime();
  const step = compile(
    scale((w) => add(w, 1)),
    { replay: true },
  );
  const trace = async (): Promise<void> => {
    const w: Tensor = runtime.tensor([1, 2]);
    const factor = runtime.tensor([2, 3]);
    const before = [runtime.live(), step.status];
    runtime.trace(() =>
      runtime.scope(() => {
        expect(step({ w }, { factor }).state.w.shape).toEqual([2]);
      }),
    );
    expect([runtime.live(), step.status]).toEqual(before);
    expect(await w.toArray()).toEqual([1, 2]);
    free({ w, factor });
  };
  await trace();
  for (let calls = 0; calls < 4; calls++) {
    await scaled(runtime, step, 3);
    await trace();
  }
  expect(step.status.mode).toBe('replay');
  step.dispose();
  expect(runtime.live().bytes).toBe(0);
});

test('state is consumed in every mode, also where it is handed through or the step throws', async () => {
  const runtime = await createRuntime();
  let fails = false;
  const step = compile(
    ({ w, rest }: { readonly w: Tensor; readonly rest: Tensor }, batch: { readonly x: Tensor }) => {
      const next = add(w, batch.x);
      if (fails) throw new Error('inside');
      return { state: { w: next, rest }, out: { x: batch.x } };
    },
    { replay: true },
  );
  const x = runtime.tensor([1, 1]);
  const fresh = () => ({ w: runtime.tensor([0, 0]) as Tensor, rest: runtime.tensor([9]) as Tensor });
  let state = fresh();
  for (let i = 0; i < 4; i++) {
    const { state: next, out } = step(state, { x });
    expect(() => add(state.w, 1)).toThrow('that was consumed. A step consumes its state: use the state it returned.');
    expect(() => add(state.rest, 1)).toThrow('consumed');
    expect(await out.x.toArray()).toEqual([1, 1]);
    out.x.dispose();
    state = next;
  }
  expect([await state.w.toArray(), await state.rest.toArray(), x.alive]).toEqual([[4, 4], [9], true]);
  expect(() => step({ ...state, w: x }, { x: state.w })).not.toThrow(); // another use of memory, the same shapes
  step.dispose();
  for (const calls of [0, 1]) {
    fails = false;
    state = fresh();
    const y = runtime.tensor([1, 1]);
    for (let i = 0; i < calls; i++) ({ state } = step(state, { x: y }));
    fails = true;
    expect(() => step(state, { x: y })).toThrow('inside');
    expect(state.w.alive).toBe(false);
    y.dispose();
    step.dispose();
  }
});

test('a returned state that somebody else shares is not updated in place', async () => {
  const runtime = await createRuntime();
  const step = compile(
    scale((w) => w),
    { replay: true },
  );
  const factor = runtime.tensor([2, 3]);
  let state = { w: runtime.tensor([1, 2]) as Tensor };
  const shared: Tensor[] = [];
  for (let i = 0; i < 6; i++) {
    ({ state } = step(state, { factor }) as { state: { w: Tensor } });
    shared.push(runtime.reshape(state.w, [2]));
  }
  expect(await Promise.all(shared.map((tensor) => tensor.toArray()))).toEqual(
    shared.map((_, i) => [2 ** (i + 1), 2 * 3 ** (i + 1)]),
  );
  free(shared, state, factor);
  step.dispose();
  expect(runtime.live().bytes).toBe(0);
});

test('thousands of steps need no memory that the first did not', async () => {
  const runtime = await createRuntime();
  for (const replay of [false, true]) {
    const step = compile(training(runtime), { replay, integers: ['counter'] });
    let state = firstState(runtime);
    const batch = { x: runtime.tensor(noise(6, 0), [2, 3]), y: runtime.tensor(noise(2, 1), [2, 1]) };
    const allocate = runtime.device.allocate.bind(runtime.device);
    let allocations = 0;
    runtime.device.allocate = (bytes) => {
      allocations++;
      return allocate(bytes);
    };
    let [settled, live] = [0, runtime.live()];
    for (let i = 0; i < 3_000; i++) {
      const { state: next, out } = step(state, batch, { rate: 0.01, counter: i });
      out.loss.dispose();
      state = next;
      if (i === 4) [settled, live] = [allocations, runtime.live()];
    }
    expect([allocations, runtime.live()]).toEqual([settled, live]);
    free(state, batch);
    step.dispose();
  }
  expect(runtime.live().bytes).toBe(0);
});

test('four combinations of shapes are recorded, the fifth is not; scalars come as they are named', async () => {
  const runtime = await createRuntime();
  const step = compile(
    (state: Record<never, never>, { x }: { readonly x: Tensor }, { by, times }: StepScalars) => ({
      state,
      out: { y: mul(x, by as Tensor), times: add(times as Tensor, 0) },
    }),
    { integers: ['times'] },
  );
  for (const n of [1, 2, 3, 4, 5, 1])
    for (let i = 0; i < 3; i++) {
      const x = runtime.tensor(new Float32Array(n).fill(1));
      const { out } = step({}, { x }, { by: 0.5 * n, times: i });
      expect(await out.y.toArray()).toEqual(Array.from({ length: n }, () => 0.5 * n));
      expect(await out.times.data('int32')).toEqual(new Int32Array([i]));
      free(out, x);
      if (n === 5)
        expect(step.status).toMatchObject({
          mode: 'eager',
          reason: 'it was called with more than 4 combinations of shapes, each of them again and again',
          signatures: 4,
        });
    }
  expect(step.status.mode).toBe('checked');
  const text: unknown = '1';
  expect(() => step({}, { x: runtime.tensor([1]) }, { by: text as number, times: 1 })).toThrow(
    "compile(): step scalar 'by' must be a number, got string 1. Convert it.",
  );
  expect(() => step({}, { x: runtime.tensor([1]) }, { by: 1, times: 0.5 })).toThrow(
    "compile(): step scalar 'times' must be a whole number that fits int32, got 0.5. Leave it out of options.integers.",
  );
  await runtime.dispose();
});

test('shapes that are idle for 32 calls make room for others', async () => {
  const runtime = await createRuntime();
  const step = compile(
    (state: Record<never, never>, { x }: { readonly x: Tensor }) => ({ state, out: { y: mul(x, 2) } }),
    { replay: true },
  );
  const call = async (n: number): Promise<string> => {
    const x = runtime.tensor(new Float32Array(n).fill(n));
    const { out } = step({}, { x });
    expect(await out.y.toArray()).toEqual(Array.from({ length: n }, () => 2 * n));
    free(out, x);
    return step.status.mode;
  };
  for (const n of [1, 2, 3, 4]) await call(n);
  const modes: string[] = [];
  for (let i = 0; i < 40; i++) modes.push(await call(64));
  // The first shape was called 3 calls before: after 29 calls it has been idle for 32, and the next takes its place.
  expect([modes.indexOf('checked'), modes.indexOf('replay'), step.status.signatures]).toEqual([30, 31, 4]);
  // More shapes in turn than there is room for: hardly any call is recorded, all are right.
  let recorded = 0;
  for (let i = 0; i < 200; i++) {
    await call(1 + (i % 50));
    if (step.status.reason === 'this call was recorded') recorded++;
  }
  expect(recorded).toBeLessThan(30);
  step.dispose();
  expect(step.status).toEqual({ mode: 'eager', reason: 'it was disposed of', signatures: 0, bytes: 0 });
  expect(runtime.live().bytes).toBe(0);
});

test('one tensor in two places is a call of its own kind, and does not keep later calls from being recorded', async () => {
  const runtime = await createRuntime();
  for (const replay of [false, true]) {
    const step = compile(
      ({ m, v }: { readonly m: Tensor; readonly v: Tensor }, { x, y }: { readonly x: Tensor; readonly y: Tensor }) => ({
        state: { m: add(m, x), v: add(v, mul(y, 2)) },
        out: {},
      }),
      { replay },
    );
    const zero = runtime.tensor([0, 0]);
    let state: { m: Tensor; v: Tensor } = { m: zero, v: zero };
    const [x, y] = [runtime.tensor([1, 2]), runtime.tensor([3, 4])];
    for (let i = 0; i < 12; i++) ({ state } = step(state, { x, y: i % 3 === 0 ? x : y }));
    expect(await values(state)).toEqual([
      [12, 24],
      [56, 80],
    ]);
    // Two slots in one tensor; x twice; x and y.
    expect(step.status).toMatchObject({ mode: replay ? 'replay' : 'checked', signatures: 3 });
    free(state, { x, y });
    step.dispose();
  }
  expect(runtime.live().bytes).toBe(0);
});

test('wrong use', async () => {
  const runtime = await createRuntime();
  // @ts-expect-error an unknown option
  expect(() => compile(() => ({ state: {}, out: {} }), { fast: true })).toThrow(
    "compile(): options must be replay or integers, got 'fast'. Leave it out.",
  );
  // @ts-expect-error a number is no tensor
  const numbers = compile((state: Record<never, never>) => ({ state, out: { loss: 1 } }));
  expect(() => numbers({}, { x: runtime.tensor(1) })).toThrow(
    'compile(): state, batch and out must be trees of tensors, got number as out.loss. Numbers that change go into the step scalars.',
  );
  expect(() => compile((state: Record<never, never>) => ({ state, out: {} }))({}, {})).toThrow(
    'compile(): state and batch must hold a tensor, got none.',
  );
  const dead = runtime.tensor(1);
  dead.dispose();
  expect(() => numbers({}, { x: dead })).toThrow('that was disposed');
  await runtime.dispose();
});
