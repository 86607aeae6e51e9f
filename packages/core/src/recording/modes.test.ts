/** When a compiled step is checked, replayed or eager, and that its bits are the same in all three. */
import { DendriteError, type Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { add, compile, createRuntime, exp, grad, mul, neg, ones, reshape, square, sum } from '../index.ts';

import { free, scale, scaled } from './steps.fixture.ts';

test('where the code does something else, it goes on eagerly with the same bits; and is left alone in the end', async () => {
  const runtime = await createRuntime();
  const body = scale((w, call) => (call % 3 === 2 ? add(mul(w, 2), w) : add(mul(w, 2), 1)));
  const expected = await scaled(runtime, body, 12);
  const before = runtime.live();
  const step = compile(body);
  expect(await scaled(runtime, step, 12)).toEqual(expected);
  expect(step.status.mode).toBe('eager');
  expect(step.status.reason).toBe(
    'its code did something else 3 times, the last time core/add came in place of core/add.number',
  );
  step.dispose();
  expect(runtime.live()).toEqual(before);
});

test('a tensor that is held longer than in the recording is not overwritten', async () => {
  const runtime = await createRuntime();
  const expected = await scaled(
    runtime,
    scale((w) => add(mul(w, 2), 1)),
    6,
  );
  const before = runtime.live();
  const held: Tensor[] = [];
  const step = compile(
    scale((w, call) => {
      const twice = mul(w, 2);
      if (call === 2) held.push(runtime.keep(twice));
      return add(twice, 1);
    }),
  );
  expect(await scaled(runtime, step, 6)).toEqual(expected);
  expect(await held[0]?.toArray()).toEqual([52, 186]);
  free(held);
  step.dispose();
  expect(runtime.live()).toEqual(before);
});

test('a step that keeps, reads or uploads what changes says so, and computes right', async () => {
  const runtime = await createRuntime();
  const kept: Tensor[] = [];
  const keeping = compile(
    scale((w) => {
      kept.push(runtime.keep(mul(w, 2)));
      return w;
    }),
    { replay: true },
  );
  const reading = compile(
    scale((w) => {
      void w.data();
      return w;
    }),
    { replay: true },
  );
  const uploading = compile(
    scale((w, call) => add(w, runtime.tensor(call))),
    { replay: true },
  );
  const plain = await scaled(runtime, (state, { factor }) => ({ state: { w: mul(state.w, factor) } }), 4);
  expect(await scaled(runtime, keeping, 4)).toEqual(plain);
  expect(await scaled(runtime, reading, 4)).toEqual(plain);
  expect(await scaled(runtime, uploading, 4)).toEqual(
    await scaled(
      runtime,
      scale((w, call) => add(w, call)),
      4,
    ),
  );
  expect([keeping.status, reading.status, uploading.status]).toMatchObject([
    { mode: 'eager', reason: 'it keeps tensors that it does not return', signatures: 0 },
    { mode: 'checked', reason: 'it reads values back' },
    { mode: 'checked', reason: 'it uploads a float32 tensor of shape [] that changes' },
  ]);
  for (const step of [keeping, reading, uploading]) step.dispose();
  await runtime.dispose();
});

test('inside a gradient or another compiled step it is part of that', async () => {
  const runtime = await createRuntime();
  const inner = compile(({ w }: { readonly w: Tensor }, { x }: { readonly x: Tensor }) => ({
    state: { w: mul(w, x) },
    out: {},
  }));
  const x = runtime.tensor([3]);
  const slope = grad((w: Tensor) => inner({ w: add(w, 0) }, { x }).state.w)(runtime.tensor([2]));
  expect(await slope.toArray()).toEqual([3]);
  expect(inner.status.reason).toBe('a gradient is taken through it');
  const outer = compile(({ w }: { readonly w: Tensor }, batch: { readonly x: Tensor }) => ({
    state: inner({ w: add(w, 1) }, batch).state,
    out: {},
  }));
  let state = { w: runtime.tensor([1]) as Tensor };
  for (let i = 0; i < 3; i++) ({ state } = outer(state, { x }));
  expect(await state.w.toArray()).toEqual([66]);
  expect([outer.status.mode, inner.status.reason]).toEqual(['checked', 'it runs inside another compiled step']);
  await runtime.dispose();
});

test('a replayed step fuses chains of formulas and computes constants once, with the same bits', async () => {
  const runtime = await createRuntime();
  const { device } = runtime;
  let calls: string[] = [];
  const dispatch = device.dispatch.bind(device);
  device.dispatch = (executable, outputs, inputs, args) => {
    calls.push(inputs.map(({ spec }) => `[${spec.shape}]`).join(' '));
    dispatch(executable, outputs, inputs, args);
  };
  const body = ({ w }: { readonly w: Tensor }, { x }: { readonly x: Tensor }) => {
    const four = mul(ones([3], { runtime }), 4); // constant
    const chain = exp(neg(square(add(mul(w, x), four)))); // one formula; the square reads its input twice
    const twice = mul(x, 2); // two readers: a formula by itself
    const wide = add(mul(twice, four), reshape(twice, [3, 1])); // [3, 3] takes a formula of [3] in as no part
    return { state: { w: add(chain, sum(wide, { axes: 0 })) }, out: {} };
  };
  const x = runtime.tensor([0.1, 0.2, 0.3]);
  const run = async (step: (state: { w: Tensor }, batch: { x: Tensor }) => { state: { w: Tensor } }) => {
    let state = { w: runtime.tensor([1, 2, 3]) as Tensor };
    for (let i = 0; i < 5; i++) {
      calls = [];
      ({ state } = step(state, { x }));
    }
    return state.w.toArray();
  };
  const expected = await run(body);
  const step = compile(body, { replay: true });
  expect(await run(step)).toEqual(expected);
  expect(step.status.mode).toBe('replay');
  expect(calls).toEqual(['[3]', '[3] [3]', '[3] [3,1]', '[3,3]', '[3] [3] [3] [3]']);
  await runtime.dispose();
});

test('where a plan finds no memory, for checking or for replay, the step goes on without', async () => {
  const runtime = await createRuntime();
  const body = scale((w) => add(mul(w, 2), 1));
  const expected = await scaled(runtime, body, 5);
  const before = runtime.live();
  const { device } = runtime;
  const allocate = device.allocate.bind(device);
  /** Five steps; in the second one, request number `failing` for memory is refused. Gives how many there were. */
  const steps = async (failing: number): Promise<number> => {
    const step = compile(body, { replay: true });
    const factor = runtime.tensor([2, 3]);
    let state = { w: runtime.tensor([1, 2]) as Tensor };
    const found: unknown[] = [];
    let requests = 0;
    for (let i = 0; i < 5; i++) {
      if (i === 1)
        device.allocate = (bytes) => {
          if (++requests === failing) throw new DendriteError('BACKEND', `no ${bytes} bytes`);
          return allocate(bytes);
        };
      ({ state } = step(state, { factor }) as { state: { w: Tensor } });
      device.allocate = allocate;
      found.push(await state.w.toArray());
    }
    expect(found).toEqual(expected);
    if (failing > 0)
      expect(step.status).toMatchObject({
        mode: 'eager',
        reason: 'its recording could not be planned: no 64 bytes',
        signatures: 0,
      });
    free(state, factor);
    step.dispose();
    expect(runtime.live()).toEqual(before);
    return requests;
  };
  const requests = await steps(0);
  expect(requests).toBeGreaterThan(2);
  await steps(1);
  await steps(requests);
});
