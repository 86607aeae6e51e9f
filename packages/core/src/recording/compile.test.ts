/** Compiled steps: the bits of the eager step, in whatever mode; state that is given away; nothing left behind. */
import {
  DendriteError,
  type Runtime,
  type StepNumbers,
  type StepScalars,
  type Tensor,
  type Tree,
} from '@dendrite/spec';
import { describe, expect, test } from 'vitest';
import {
  add,
  bernoulli,
  compile,
  createRuntime,
  exp,
  grad,
  leaves,
  matmul,
  mean,
  mul,
  neg,
  ones,
  reshape,
  scope,
  square,
  sub,
  sum,
  tanh,
  valueAndGrad,
  where,
} from '../index.ts';

type Params = { readonly hidden: Tensor; readonly bias: Tensor; readonly output: Tensor };
type State = { readonly params: Params; readonly speed: Params; readonly mean: Tensor };
type Batch = { readonly x: Tensor; readonly y: Tensor };
type Out = { readonly loss: Tensor };

/** A network with dropout, momentum and a running mean. */
function training(runtime: Runtime): (state: State, batch: Batch, scalars: StepScalars) => { state: State; out: Out } {
  const key = runtime.key(3);
  return (state, { x, y }, { rate, counter }) => {
    const { value, gradients, aux } = valueAndGrad((p: Params) => {
      const h = tanh(add(matmul(x, p.hidden), p.bias));
      const kept = where(
        bernoulli(key.at(counter as Tensor<readonly []>), h.shape, { probability: 0.5 }),
        mul(h, 2),
        0,
      );
      return { loss: mean(square(sub(matmul(kept, p.output), y))), aux: mean(h, { axes: 0 }) };
    })(state.params);
    const next = (name: keyof Params): { readonly p: Tensor; readonly v: Tensor } => {
      const v = add(mul(state.speed[name], 0.9), gradients[name]);
      return { p: sub(state.params[name], mul(rate as Tensor, v)), v };
    };
    const [hidden, bias, output] = [next('hidden'), next('bias'), next('output')];
    return {
      state: {
        params: { hidden: hidden.p, bias: bias.p, output: output.p },
        speed: { hidden: hidden.v, bias: bias.v, output: output.v },
        mean: add(mul(state.mean, 0.9), mul(aux, 0.1)),
      },
      out: { loss: value },
    };
  };
}

const noise = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233));
function firstState(runtime: Runtime): State {
  const params = (): Params => ({
    hidden: runtime.tensor(noise(12, 1), [3, 4]),
    bias: runtime.tensor(noise(4, 2)),
    output: runtime.tensor(noise(4, 3), [4, 1]),
  });
  const zeros = params();
  const speed: Params = { hidden: mul(zeros.hidden, 0), bias: mul(zeros.bias, 0), output: mul(zeros.output, 0) };
  free(zeros);
  return { params: params(), speed, mean: runtime.tensor(new Float32Array(4)) };
}
function free(...trees: readonly Tree[]): void {
  for (const tree of trees) for (const { tensor } of leaves(tree)) tensor.dispose();
}
async function values(tree: Tree): Promise<number[][]> {
  return Promise.all(leaves(tree).map(async ({ tensor }) => Array.from(await tensor.data())));
}

/** Losses and last state of `rows.length` steps; the batch of each has that many rows. */
async function train(
  runtime: Runtime,
  step: (state: State, batch: Batch, scalars: StepNumbers) => { state: State; out: Out },
  rows: readonly number[],
): Promise<number[][]> {
  let state = firstState(runtime);
  const losses: number[] = [];
  for (const [i, n] of rows.entries()) {
    const batch = { x: runtime.tensor(noise(3 * n, i), [n, 3]), y: runtime.tensor(noise(n, i + 50), [n, 1]) };
    const { state: next, out } = step(state, batch, { rate: 0.1 / (i + 1), counter: i });
    state = next;
    losses.push(await out.loss.item());
    free(batch, out);
  }
  const found = [losses, ...(await values(state))];
  free(state);
  return found;
}
/** The step as code that is no compiled one. */
const eager =
  (runtime: Runtime) =>
  (state: State, batch: Batch, { rate = 0, counter = 0 }: StepNumbers) => {
    const made = scope(() =>
      training(runtime)(state, batch, {
        rate: runtime.tensor(rate, []),
        counter: runtime.tensor(counter, [], 'int32'),
      }),
    );
    free(state);
    return made;
  };
const rows = [8, 8, 8, 5, 8, 8, 5, 5, 8, 8];

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

/** `w ← w · factor`, with what a test wants to happen inside. */
const scale =
  (inside: (w: Tensor, call: number) => Tensor) =>
  (state: { readonly w: Tensor }, { factor }: { readonly factor: Tensor }) => {
    const call = calls++;
    return { state: { w: mul(inside(state.w, call), factor) }, out: {} };
  };
let calls = 0;
/** What `w` is after each of `n` calls, from [1, 2]. */
async function scaled(
  runtime: Runtime,
  step: (state: { w: Tensor }, batch: { factor: Tensor }) => { state: { w: Tensor } },
  n: number,
): Promise<unknown[]> {
  calls = 0;
  const factor = runtime.tensor([2, 3]);
  let state = { w: runtime.tensor([1, 2]) as Tensor };
  const found: unknown[] = [];
  for (let i = 0; i < n; i++) {
    ({ state } = step(state, { factor }));
    found.push(await state.w.toArray());
  }
  free(state, { factor });
  return found;
}

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
          reason: 'it was called with more than 4 combinations of shapes',
          signatures: 4,
        });
    }
  expect(step.status.mode).toBe('checked');
  expect(() => step({}, { x: runtime.tensor([1]) }, { by: 1, times: 0.5 })).toThrow(
    "compile(): step scalar 'times' must be a whole number that fits int32, got 0.5. Leave it out of options.integers.",
  );
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
