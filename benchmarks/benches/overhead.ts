// What an op costs besides its arithmetic: chains of ops on [8] tensors, eager, forward and with their gradients, ours and
// tfjs's in turns. The arithmetic of eight elements is part of the figures of both.
import { add, createRuntime, cpu, mul, relu, scope, sum, sub, valueAndGrad } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { type Contestant, interleave } from '../harness/interleave.ts';
import { type Result, type Row, row, smallestRatios } from '../harness/result.ts';
import { loadTfjs } from '../peers/tfjs.ts';

/** Ops in a chain, and chains in a timed run. */
const length = 64;
const repeats = 50;
const rounds = 15;
/** µs an op. */
const targets = { forward: 0.3, gradient: 0.6 } as const;

/** Measures in this process. */
export async function overhead(): Promise<Result> {
  const runtime = await createRuntime({ backends: [cpu()] });
  const values = Float32Array.from({ length: 8 }, (_, i) => 1 + i / 1000);
  const x = runtime.tensor(values);
  const b = runtime.tensor(values);

  const chains: Readonly<Record<string, (x: Tensor, b: Tensor) => Tensor>> = {
    add: (x, b) => chain(x, (y) => add(y, b)),
    mul: (x, b) => chain(x, (y) => mul(y, b)),
    relu: (x) => chain(x, (y) => relu(y)),
    'add, mul, sub, relu in turn': (x, b) =>
      chain(x, (y, i) => (i % 4 === 0 ? add(y, b) : i % 4 === 1 ? mul(y, b) : i % 4 === 2 ? sub(y, b) : relu(y))),
  };
  const peer = await loadTfjs('cpu');
  const rows: Row[] = [];
  for (const [name, run] of Object.entries(chains)) {
    const gradient = valueAndGrad((p: { x: Tensor; b?: Tensor }) => sum(run(p.x, p.b ?? p.x)));
    const all = name === 'relu' ? { x } : { x, b };
    const forward = (): void => {
      for (let i = 0; i < repeats; i++) scope(() => void run(x, b));
    };
    const backward = (): void => {
      for (let i = 0; i < repeats; i++) scope(() => void gradient(all));
    };
    const sides: Contestant[] = [
      { name: 'forward', units: length * repeats, run: forward, warmUp: 20 },
      { name: 'gradient', units: length * repeats, run: backward, warmUp: 20 },
    ];
    if ('tf' in peer) sides.push(...tfjsSides(peer.tf, name, values));
    const times = new Map((await interleave(sides, rounds)).map(({ name, median }) => [name, median * 1000]));
    for (const kind of ['forward', 'gradient'] as const) {
      const beside = times.get(`tfjs ${kind}`);
      rows.push(
        row(
          `${name}, ${kind === 'forward' ? 'forward' : 'with gradient'}`,
          'µs an op',
          times.get(kind) ?? Number.NaN,
          beside === undefined ? {} : { 'tfjs-cpu': beside },
          { target: targets[kind] },
        ),
      );
    }
  }
  await runtime.dispose();
  const missing = 'missing' in peer ? [{ peer: 'tfjs-cpu', why: peer.missing }] : [];
  return { bench: 'overhead', backend: 'cpu', threads: 1, ratios: smallestRatios(rows), missing, rows };
}

function chain<T>(x: T, op: (y: T, i: number) => T): T {
  let y = x;
  for (let i = 0; i < length; i++) y = op(y, i);
  return y;
}

function tfjsSides(tf: typeof import('@tensorflow/tfjs-core'), name: string, values: Float32Array): Contestant[] {
  type T = ReturnType<typeof tf.tensor1d>;
  const x = tf.tensor1d(values);
  const b = tf.tensor1d(values);
  const chains: Readonly<Record<string, (x: T, b: T) => T>> = {
    add: (x, b) => chain(x, (y) => tf.add(y, b)),
    mul: (x, b) => chain(x, (y) => tf.mul(y, b)),
    relu: (x) => chain(x, (y) => tf.relu(y)),
    'add, mul, sub, relu in turn': (x, b) =>
      chain(x, (y, i) =>
        i % 4 === 0 ? tf.add(y, b) : i % 4 === 1 ? tf.mul(y, b) : i % 4 === 2 ? tf.sub(y, b) : tf.relu(y),
      ),
  };
  const run = chains[name];
  if (run === undefined) return [];
  // It refuses a gradient for what the loss does not depend on.
  const all = name === 'relu' ? [x] : [x, b];
  const gradient = tf.valueAndGrads((x, b) => tf.sum(run(x as T, b as T)) as ReturnType<typeof tf.scalar>);
  const few = repeats / 10;
  return [
    {
      name: 'tfjs forward',
      units: length * few,
      run: () => {
        for (let i = 0; i < few; i++) tf.tidy(() => void run(x, b));
      },
      warmUp: 10,
    },
    {
      name: 'tfjs gradient',
      units: length * few,
      run: () => {
        for (let i = 0; i < few; i++) tf.tidy(() => void gradient(all));
      },
      warmUp: 5,
    },
  ];
}
