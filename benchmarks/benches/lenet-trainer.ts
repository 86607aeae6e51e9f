// LeNet-5 under Adam on a runtime of ours, one step at a time, without `fit`: what a step costs, and nothing else.
import { lenet5 } from '@dendrite/cnn';
import { leaves, scope, stepScalars, valueAndGrad } from '@dendrite/core';
import { softmaxCrossEntropy } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import type { Runtime } from '@dendrite/spec';
import type { DigitBatch } from './digit-batches.ts';

/** A network being trained. */
export interface LenetTrainer {
  /** One step: forward, backward, update. The loss before it. */
  step(batch: DigitBatch): Promise<number>;
  dispose(): void;
}
/** Parameters by path, for the other side to start from. */
export type Weights = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

export const learningRate = 1e-3;

/** Our side. Adam's defaults: beta1 0.9, beta2 0.999, epsilon 1e-8. */
export async function dendriteLenet(
  runtime: Runtime,
  batchSize: number,
): Promise<LenetTrainer & { readonly weights: Weights }> {
  const net = lenet5({ classes: 10 });
  const key = runtime.key(7);
  const optimizer = adam({ learningRate });
  const made = runtime.keep(net.init(key, [batchSize, 28, 28, 1]));
  const { state } = made;
  let params = made.params;
  let moments = runtime.keep(optimizer.init(params));
  const weights = new Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>();
  for (const { path, tensor } of leaves(params)) weights.set(path, { shape: tensor.shape, data: await tensor.data() });
  let count = 0;
  return {
    weights,
    step: async ({ pixels, labels }) => {
      count++;
      const loss = scope(() => {
        const x = runtime.tensor(pixels, [batchSize, 28, 28, 1]);
        const codes = runtime.tensor(labels);
        const { value, gradients } = valueAndGrad((p: typeof params) => {
          const [logits] = net.apply({ params: p, state }, x, { training: true, key });
          return softmaxCrossEntropy(logits, codes);
        })(params);
        const scalars = stepScalars(runtime, optimizer.scalars(count, learningRate));
        const next = runtime.keep(optimizer.update(params, gradients, moments, scalars));
        params = next.params;
        moments = next.state;
        return value;
      });
      const number = await loss.item(); // waits for the device
      loss.dispose();
      return number;
    },
    dispose: () => {
      for (const tree of [params, moments]) for (const { tensor } of leaves(tree)) tensor.dispose();
    },
  };
}
