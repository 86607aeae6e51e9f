/** Thousands of steps a call: the bits of single steps, on each backend whose memory can be planned, alone and where JavaScript takes part. */
import { wasm } from '@dendrite/backend-wasm';
import { cast, compile, cpu, createRuntime, gather, leaves, mul, relu, scan, valueAndGrad } from '@dendrite/core';
import { batchNorm, dense, dropout, sequential, softmaxCrossEntropy } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import type { Backend, Layer, Optimizer, Runtime, StepNumbers, Tensor, Tree } from '@dendrite/spec';
import { expect, test, vi } from 'vitest';

const [rows, features, size] = [20, 4, 3];
const optimizer: Optimizer = adam({ learningRate: 0.01 });
const net: Layer<Tree, Tree, Tensor, Tensor> = sequential(dense(8), batchNorm(), relu, dropout(0.3), dense(3));
type State = { readonly params: Tree; readonly layers: Tree; readonly moments: Tree };
type Batch = { readonly rows: Tensor };

/** A step on rows of a table that lies on the device. `inDoubles`: part of it runs in JavaScript. */
function stepOn(runtime: Runtime, inDoubles: boolean) {
  const table = runtime.tensor(
    Float32Array.from({ length: rows * features }, (_, i) => Math.sin(i * 12.9898)),
    [rows, features],
  );
  const labels = runtime.tensor(Int32Array.from({ length: rows }, (_, i) => (i * i) % 3));
  const key = runtime.key(5);
  return compile(
    ({ params, layers, moments }: State, { rows }: Batch, { counter, ...scalars }) => {
      const x = gather(table, rows);
      const { value, gradients, aux } = valueAndGrad((params: Tree) => {
        const rule = { training: true, key: key.at(counter as Tensor<readonly []>) };
        const [logits, next] = net.apply({ params, state: layers }, x, rule);
        return { loss: softmaxCrossEntropy(logits, gather(labels, rows)), aux: next };
      })(params);
      const next = optimizer.update(params, gradients as Tree, moments, scalars);
      const loss = inDoubles ? cast(mul(cast(value, 'float64'), 2), 'float32') : mul(value, 2);
      return { state: { params: next.params, layers: aux, moments: next.state }, out: { loss } };
    },
    { replay: true, integers: ['counter'] },
  );
}

const numbersOf = (step: number): StepNumbers => ({
  ...optimizer.scalars(step + 1, 0.01 / (1 + step / 100)),
  counter: step,
});
const bits = async (tree: Tree): Promise<string[]> =>
  Promise.all(leaves(tree).map(async ({ path, tensor }) => `${path} ${Array.from(await tensor.data()).join()}`));
const free = (tree: Tree): void => leaves(tree).forEach(({ tensor }) => void tensor.dispose());

/** So many steps, `together` in a call; the last call may have fewer. */
async function train(runtime: Runtime, steps: number, together: number, inDoubles: boolean): Promise<string[]> {
  const step = stepOn(runtime, inDoubles);
  const made = net.init(runtime.key(1), [size, features]);
  let state: State = { params: made.params, layers: made.state, moments: optimizer.init(made.params) };
  const losses: number[] = [];
  const rowOf = (i: number): number => (i * 7 + (i >> 3)) % rows;
  for (let done = 0; done < steps; done += together) {
    const count = Math.min(together, steps - done);
    const taken = Int32Array.from({ length: count * size }, (_, i) => rowOf(done * size + i));
    const scalars = Array.from({ length: count }, (_, i) => numbersOf(done + i));
    const batch = { rows: runtime.tensor(taken, together === 1 ? [size] : [count, size]) };
    const next = together === 1 ? step(state, batch, scalars[0]) : scan(step, state, batch, scalars);
    state = next.state;
    losses.push(...(await next.out.loss.data()));
    free(batch);
    free(next.out);
  }
  expect(step.status.mode).toBe('replay');
  const found = [losses.join(), ...(await bits(state))];
  step.dispose();
  free(state);
  return found;
}

const backends: readonly (readonly [name: string, open: () => Backend, steps: number])[] = [
  ['cpu', cpu, 40],
  ['wasm', () => wasm({ threads: 1 }), 1500],
  ['wasm with three threads that share all', () => wasm({ threads: 3, split: 'always' }), 60],
];
test.each(backends)('on %s', async (_, open, steps) => {
  const runtime = await createRuntime({ backends: [open()] });
  const { device } = runtime;
  /** What the device did without being asked again. */
  const repeated = vi.fn<(times: number) => void>();
  const record = device.record?.bind(device);
  if (record !== undefined)
    device.record = (calls) => {
      const recorded = record(calls);
      const repeat = recorded.repeat?.bind(recorded);
      if (repeat !== undefined)
        recorded.repeat = (begin, end, times, advances) => {
          const done = repeat(begin, end, times, advances);
          if (done) repeated(times);
          return done;
        };
      return recorded;
    };
  for (const inDoubles of [false, true]) {
    const expected = await train(runtime, steps, 1, inDoubles);
    expect(await train(runtime, steps, 17, inDoubles)).toEqual(expected);
    expect(await train(runtime, steps, steps, inDoubles)).toEqual(expected);
    // From the third step of a call on, 500 are run one by one until they are linked.
    expect(repeated.mock.lastCall).toEqual(steps < 500 || inDoubles ? undefined : [steps - 502]);
    repeated.mockClear();
  }
  await runtime.dispose();
});
