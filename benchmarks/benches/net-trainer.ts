// A network of ours being trained step by step, without `fit`: what a step costs, and nothing else.
import { leaves, scope, stepScalars, valueAndGrad } from '@dendrite/core';
import { softmaxCrossEntropy } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import type { Layer, Runtime, Tensor, Tree } from '@dendrite/spec';
import type { Racer } from '../harness/race.ts';

/** Inputs of one step, `[batch, …]`, and the class of each. */
export interface Batch {
  readonly shape: readonly number[];
  readonly x: Float32Array;
  readonly y: Int32Array;
}
/** Parameters by path, for the other side to start from. */
export type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

export const learningRate = 1e-3;

/** Our side, under Adam with its defaults: beta1 0.9, beta2 0.999, epsilon 1e-8. */
export async function netTrainer(
  runtime: Runtime,
  net: Layer<Tree, Tree, Tensor, Tensor>,
  batches: readonly Batch[],
  steps: number = Number.POSITIVE_INFINITY,
): Promise<Racer & { readonly weights: Weights }> {
  const key = runtime.key(7);
  const optimizer = adam({ learningRate });
  const made = runtime.keep(net.init(key, batches[0]?.shape ?? []));
  const { state } = made;
  let { params } = made;
  let moments = runtime.keep(optimizer.init(params));
  const weights = new Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>();
  for (const { path, tensor } of leaves(params)) weights.set(path, { shape: tensor.shape, data: await tensor.data() });
  let count = 0;

  const step = ({ shape, x: inputs, y: classes }: Batch): Tensor =>
    scope(() => {
      const x = runtime.tensor(inputs, shape);
      const codes = runtime.tensor(classes);
      const { value, gradients } = valueAndGrad((p: Tree) => {
        const [logits] = net.apply({ params: p, state }, x, { training: true, key });
        return softmaxCrossEntropy(logits, codes);
      })(params);
      const scalars = stepScalars(runtime, optimizer.scalars(++count, learningRate));
      const next = runtime.keep(optimizer.update(params, gradients, moments, scalars));
      params = next.params;
      moments = next.state;
      return value;
    });
  return {
    name: 'ours',
    steps,
    weights,
    async train(which) {
      const losses: number[] = [];
      const began = performance.now();
      for (const i of which) {
        const loss = step(batches[i] as Batch);
        losses.push(await loss.item()); // waits for the device
        loss.dispose();
      }
      return { losses, ms: performance.now() - began };
    },
    dispose() {
      for (const tree of [params, moments]) for (const { tensor } of leaves(tree)) tensor.dispose();
    },
  };
}
