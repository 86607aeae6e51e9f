// A program that ends with the first training step of LeNet-5 on WASM: what `startup` bundles and times.
import { wasm } from '@dendrite/backend-wasm';
import { lenet5 } from '@dendrite/cnn';
import { compile, createRuntime, uniform, valueAndGrad } from '@dendrite/core';
import { softmaxCrossEntropy } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import type { Layer, Optimizer, Tensor, Tree } from '@dendrite/spec';

type Training = { readonly params: Tree; readonly layers: Tree; readonly moments: Tree };
type Batch = { readonly x: Tensor; readonly y: Tensor };

/** Pictures of noise, batch 64, as the peer's script makes them; the loss before the step. */
export async function firstStep(): Promise<number> {
  const runtime = await createRuntime({ backends: [wasm({ threads: 1 })], fallback: false });
  const net: Layer<Tree, Tree, Tensor, Tensor> = lenet5({ classes: 10, activation: 'relu', pool: 'max' });
  const optimizer: Optimizer = adam({ learningRate: 1e-3 });
  const key = runtime.key(7);
  const shape = [64, 28, 28, 1];
  const made = net.init(key, shape);
  const step = compile(
    ({ params, layers, moments }: Training, { x, y }: Batch, scalars) => {
      const { value, gradients, aux } = valueAndGrad((p: Tree) => {
        const [logits, state] = net.apply({ params: p, state: layers }, x, { training: true, key });
        return { loss: softmaxCrossEntropy(logits, y), aux: state };
      })(params);
      const next = optimizer.update(params, gradients, moments, scalars);
      return { state: { params: next.params, layers: aux, moments: next.state }, out: { loss: value } };
    },
    { replay: true },
  );
  const { out } = step(
    { params: made.params, layers: made.state, moments: optimizer.init(made.params) },
    { x: uniform(runtime.key(1), shape), y: runtime.tensor(Int32Array.from({ length: 64 }, (_, i) => i % 10)) },
    optimizer.scalars(1, optimizer.learningRate),
  );
  return out.loss.item();
}
