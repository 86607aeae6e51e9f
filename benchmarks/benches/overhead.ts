// What an op costs besides its arithmetic: chains of ops on [8] tensors, eager, forward and with their gradients, ours and
// tfjs's in turns. The arithmetic of eight elements is part of the figures of both.
import { add, cpu, createRuntime, mul, relu, scope, sub, sum, valueAndGrad } from '@dendrite/core';
import type { Tensor } from '@dendrite/spec';
import { type Contestant, interleave } from '../harness/interleave.ts';
import { type Result, type Row, row, smallestRatios } from '../harness/result.ts';
import { loadTfjs } from '../peers/tfjs.ts';

/** Ops in a chain, and chains in a timed run. */
const length = 64;
const repeats = 50;
const rounds = 15;
/** What is timed, and at most how many µs an op it may take. Both operands' gradients are two ops, hence without a bar. */
const kinds: readonly (readonly [kind: string, target?: number])[] = [
  ['forward', 0.3],
  ['with gradient', 0.6],
  ['with both gradients'],
];

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
    const one = valueAndGrad((x: Tensor) => sum(run(x, b)));
    const both = valueAndGrad((p: { x: Tensor; b: Tensor }) => sum(run(p.x, p.b)));
    const sides: Contestant[] = [
      { ...repeated('forward', () => scope(() => void run(x, b)), repeats), warmUp: 20 },
      { ...repeated('with gradient', () => scope(() => void one(x)), repeats), warmUp: 20 },
    ];
    if (name !== 'relu')
      sides.push({ ...repeated('with both gradients', () => scope(() => void both({ x, b })), repeats), warmUp: 20 });
    if ('tf' in peer) sides.push(...tfjsSides(peer.tf, name, values));
    const times = new Map((await interleave(sides, rounds)).map(({ name, median }) => [name, median * 1000]));
    for (const [kind, target] of kinds) {
      const ours = times.get(kind);
      if (ours === undefined) continue;
      const theirs = times.get(`tfjs ${kind}`);
      const beside = theirs === undefined ? {} : { 'tfjs-cpu': theirs };
      rows.push(row(`${name}, ${kind}`, 'µs an op', ours, beside, target === undefined ? {} : { target }));
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

function repeated(name: string, once: () => void, times: number): Contestant {
  return {
    name,
    units: length * times,
    run: () => {
      for (let i = 0; i < times; i++) once();
    },
  };
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
  const loss = (x: unknown, b: unknown): ReturnType<typeof tf.scalar> => tf.sum(run(x as T, b as T));
  const one = tf.valueAndGrad((p) => loss(p, b));
  const both = tf.valueAndGrads(loss);
  const few = repeats / 10;
  const sides = [
    repeated('tfjs forward', () => tf.tidy(() => void run(x, b)), few),
    repeated('tfjs with gradient', () => tf.tidy(() => void one(x)), few),
  ];
  // It refuses a gradient for what the loss does not depend on.
  if (name !== 'relu') sides.push(repeated('tfjs with both gradients', () => tf.tidy(() => void both([x, b])), few));
  return sides;
}
