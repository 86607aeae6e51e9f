// A network of ours being trained by many steps a call: the batches lie on the device, one call takes all that follow one another.
import { leaves, scan, slice } from '@dendrite/core';
import type { Layer, Runtime, StepNumbers, Tensor, Tree } from '@dendrite/spec';
import type { Racer } from '../harness/race.ts';
import { type Batch, netStep, type Recipe, type Weights } from './net-trainer.ts';

/** Our side. */
export async function epochTrainer(
  runtime: Runtime,
  net: Layer<Tree, Tree, Tensor, Tensor>,
  batches: readonly Batch[],
  steps: number = Number.POSITIVE_INFINITY,
  recipe?: Recipe,
): Promise<Racer & { readonly weights: Weights }> {
  const shape = batches[0]?.shape ?? [];
  const { step, state: first, weights, optimizer } = await netStep(runtime, net, shape, recipe);
  const all = {
    x: runtime.tensor(Float32Array.from(batches.flatMap(({ x }) => [...x])), [batches.length, ...shape]),
    y: runtime.tensor(Int32Array.from(batches.flatMap(({ y }) => [...y])), [batches.length, shape[0] ?? 1]),
  };
  let state = first;
  let count = 0;
  const numbersOf = (at: number): StepNumbers => optimizer.scalars(at, optimizer.learningRate);
  const constant = JSON.stringify(numbersOf(1)) === JSON.stringify(numbersOf(2));
  /** Batches from one on, so many. */
  const train = (begin: number, size: number): Tensor => {
    const part = (tensor: Tensor): Tensor => slice(tensor, { begin: [begin], size: [size] });
    const scalars = constant ? numbersOf(1) : Array.from({ length: size }, (_, i) => numbersOf(count + i + 1));
    count += size;
    const made =
      size === batches.length
        ? scan(step, state, all, scalars)
        : runtime.scope(() => scan(step, state, { x: part(all.x), y: part(all.y) }, scalars));
    state = made.state;
    return made.out.loss;
  };
  return {
    name: 'ours',
    steps,
    weights,
    async train(which) {
      const losses: number[] = [];
      const began = performance.now();
      for (let at = 0; at < which.length; ) {
        const begin = which[at] as number;
        const size = Math.min(which.length - at, batches.length - begin);
        const loss = train(begin, size);
        for (const each of await loss.data()) losses.push(each); // waits for the device
        loss.dispose();
        at += size;
      }
      return { losses, ms: performance.now() - began };
    },
    dispose() {
      step.dispose();
      for (const { tensor } of [...leaves(state), ...leaves(all)]) tensor.dispose();
    },
  };
}
