// A network of ours being trained step by step, without `fit`: what a replayed step costs, and nothing else.
import { type Compiled, compile, leaves, valueAndGrad } from '@dendrite/core';
import { softmaxCrossEntropy } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import type { Layer, Optimizer, Runtime, Tensor, Tree } from '@dendrite/spec';
import type { Racer } from '../harness/race.ts';

/** Inputs of one step, `[batch, …]`, and the class of each. */
export interface Batch {
  readonly shape: readonly number[];
  readonly x: Float32Array;
  readonly y: Int32Array;
}
/** Parameters by path, for the other side to start from. */
export type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/** How a network learns. */
export interface Recipe {
  readonly loss: (outputs: Tensor, labels: Tensor) => Tensor;
  readonly optimizer: Optimizer;
}

export type Training = { readonly params: Tree; readonly layers: Tree; readonly moments: Tree };

export type TensorBatch = { readonly x: Tensor; readonly y: Tensor };
export type NetStep = Compiled<Training, TensorBatch, { readonly loss: Tensor }>;

export const learningRate = 1e-3;
/** Adam with its defaults: beta1 0.9, beta2 0.999, epsilon 1e-8. */
const usual: Recipe = { loss: softmaxCrossEntropy, optimizer: adam({ learningRate }) };

/** The step of a network, and what it starts from. */
export async function netStep(
  runtime: Runtime,
  net: Layer<Tree, Tree, Tensor, Tensor>,
  shape: readonly number[],
  { loss, optimizer }: Recipe = usual,
): Promise<{
  readonly step: NetStep;
  readonly state: Training;
  readonly weights: Weights;
  readonly optimizer: Optimizer;
}> {
  const key = runtime.key(7);
  const made = runtime.keep(net.init(key, shape));
  const state: Training = {
    params: made.params,
    layers: made.state,
    moments: runtime.keep(optimizer.init(made.params)),
  };
  const weights = new Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>();
  for (const { path, tensor } of leaves(made.params))
    weights.set(path, { shape: tensor.shape, data: await tensor.data() });
  const step = compile(
    ({ params, layers, moments }: Training, { x, y }: TensorBatch, scalars) => {
      const { value, gradients, aux } = valueAndGrad((p: Tree) => {
        const [logits, next] = net.apply({ params: p, state: layers }, x, { training: true, key });
        return { loss: loss(logits, y), aux: next };
      })(params);
      const next = optimizer.update(params, gradients, moments, scalars);
      return { state: { params: next.params, layers: aux, moments: next.state }, out: { loss: value } };
    },
    { replay: true },
  );
  return { step, state, weights, optimizer };
}

/** Our side. */
export async function netTrainer(
  runtime: Runtime,
  net: Layer<Tree, Tree, Tensor, Tensor>,
  batches: readonly Batch[],
  steps: number = Number.POSITIVE_INFINITY,
  recipe?: Recipe,
): Promise<Racer & { readonly weights: Weights }> {
  const {
    step: compiled,
    state: first,
    weights,
    optimizer,
  } = await netStep(runtime, net, batches[0]?.shape ?? [], recipe);
  let state = first;
  let count = 0;
  const step = ({ shape, x, y }: Batch): Tensor => {
    const made = runtime.scope(() =>
      compiled(
        state,
        { x: runtime.tensor(x, shape), y: runtime.tensor(y) },
        optimizer.scalars(++count, optimizer.learningRate),
      ),
    );
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
      for (const i of which) {
        const loss = step(batches[i] as Batch);
        losses.push(await loss.item()); // waits for the device
        loss.dispose();
      }
      return { losses, ms: performance.now() - began };
    },
    dispose() {
      compiled.dispose();
      for (const { tensor } of leaves(state)) tensor.dispose();
    },
  };
}
