/** Steps for the tests of recordings: a small network's, and one that a test puts its own code into. */
import type { Runtime, StepNumbers, StepScalars, Tensor, Tree } from '@dendrite/spec';
import { add, bernoulli, leaves, matmul, mean, mul, scope, square, sub, tanh, valueAndGrad, where } from '../index.ts';

export type Params = { readonly hidden: Tensor; readonly bias: Tensor; readonly output: Tensor };
export type State = { readonly params: Params; readonly speed: Params; readonly mean: Tensor };
export type Batch = { readonly x: Tensor; readonly y: Tensor };
export type Out = { readonly loss: Tensor };

/** A network with dropout, momentum and a running mean. */
export function training(
  runtime: Runtime,
): (state: State, batch: Batch, scalars: StepScalars) => { state: State; out: Out } {
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

export const noise = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233));
export function firstState(runtime: Runtime): State {
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
export function free(...trees: readonly Tree[]): void {
  for (const tree of trees) for (const { tensor } of leaves(tree)) tensor.dispose();
}
export async function values(tree: Tree): Promise<number[][]> {
  return Promise.all(leaves(tree).map(async ({ tensor }) => Array.from(await tensor.data())));
}

/** Losses and last state of `rows.length` steps; the batch of each has that many rows. */
export async function train(
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
export const eager =
  (runtime: Runtime): ((state: State, batch: Batch, numbers: StepNumbers) => { state: State; out: Out }) =>
  (state, batch, { rate = 0, counter = 0 }) => {
    const made = scope(() =>
      training(runtime)(state, batch, {
        rate: runtime.tensor(rate, []),
        counter: runtime.tensor(counter, [], 'int32'),
      }),
    );
    free(state);
    return made;
  };
/** An odd batch now and then. */
export const rows: readonly number[] = [8, 8, 8, 5, 8, 8, 5, 5, 8, 8];

/** `w ← w · factor`, with what a test wants to happen inside. */
export const scale =
  (
    inside: (w: Tensor, call: number) => Tensor,
  ): ((
    state: { readonly w: Tensor },
    batch: { readonly factor: Tensor },
  ) => { state: { w: Tensor }; out: Readonly<Record<never, never>> }) =>
  (state, { factor }) => {
    const call = calls++;
    return { state: { w: mul(inside(state.w, call), factor) }, out: {} };
  };
let calls = 0;
/** What `w` is after each of `n` calls, from [1, 2]. */
export async function scaled(
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
