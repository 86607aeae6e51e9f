// TensorFlow.js's side of a training race: its own ops and gradients, on its own backend, from our weights.
import type * as Tfjs from '@tensorflow/tfjs-core';
import { type Batch, learningRate, type Weights } from '../benches/net-trainer.ts';
import type { Racer } from '../harness/race.ts';
import { loadTfjs, type TfjsBackendName } from './tfjs.ts';

type Tf = typeof Tfjs;
type Net = (x: Tfjs.Tensor) => Tfjs.Tensor2D;

/** tfjs on this backend, or why it cannot be had. */
export async function tfjsTrainer(
  backend: TfjsBackendName,
  weights: Weights,
  batches: readonly Batch[],
  steps: number,
): Promise<{ readonly racer: Racer } | { readonly missing: string }> {
  const loaded = await loadTfjs(backend);
  if ('missing' in loaded) return loaded;
  const { tf } = loaded;
  const variables = new Map(
    [...weights].map(([path, { shape, data }]) => [path, tf.variable(tf.tensor(data, [...shape]))] as const),
  );
  const net = weights.has('0.filters') ? lenet(tf, variables) : perceptron(tf, variables);
  const classes = [...weights.values()].at(-1)?.shape.at(-1) ?? 1;
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
  const step = ({ shape, x, y }: Batch): Tfjs.Scalar =>
    tf.tidy(() => {
      const input = tf.tensor(x, [...shape]);
      const target = tf.oneHot(tf.tensor1d(y, 'int32'), classes);
      const { value, grads } = tf.variableGrads(
        () => tf.losses.softmaxCrossEntropy(target, net(input)) as Tfjs.Scalar,
        [...variables.values()],
      );
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      return value;
    });
  const racer: Racer = {
    name: `tfjs-${backend}`,
    steps,
    async train(which) {
      // Ours may be running on another backend of the same tfjs.
      tf.setBackend(backend);
      const losses: number[] = [];
      const began = performance.now();
      for (const i of which) {
        const loss = step(batches[i] as Batch);
        losses.push((await loss.data())[0] ?? Number.NaN);
        loss.dispose();
      }
      return { losses, ms: performance.now() - began };
    },
    dispose() {
      for (const variable of variables.values()) variable.dispose();
      optimizer.dispose();
    },
  };
  return { racer };
}

/** The paths are those of our `lenet5()`, with relu and maxima. */
function lenet(tf: Tf, variables: ReadonlyMap<string, Tfjs.Variable>): Net {
  const at = (path: string): Tfjs.Tensor => variables.get(path) as Tfjs.Tensor;
  const stage = (x: Tfjs.Tensor, i: number, padding: 'same' | 'valid'): Tfjs.Tensor4D => {
    const convolved = tf.conv2d(x as Tfjs.Tensor4D, at(`${i}.filters`) as Tfjs.Tensor4D, 1, padding);
    return tf.maxPool(tf.relu(tf.add(convolved, at(`${i}.bias`))) as Tfjs.Tensor4D, 2, 2, 'valid');
  };
  const dense = denses(tf, variables, [7, 9, 11]);
  return (x) => {
    const pictures = stage(stage(x, 0, 'same'), 3, 'valid');
    return dense(tf.reshape(pictures, [pictures.shape[0], -1]));
  };
}

function perceptron(tf: Tf, variables: ReadonlyMap<string, Tfjs.Variable>): Net {
  const layers = [...variables.keys()]
    .filter((path) => path.endsWith('.weight'))
    .map((path) => Number.parseInt(path, 10));
  return denses(tf, variables, layers);
}

/** Dense layers with relu between them. */
function denses(tf: Tf, variables: ReadonlyMap<string, Tfjs.Variable>, layers: readonly number[]): Net {
  return (x) => {
    let h = x as Tfjs.Tensor2D;
    layers.forEach((layer, i) => {
      const product = tf.matMul(h, variables.get(`${layer}.weight`) as Tfjs.Tensor2D);
      h = tf.add(product, variables.get(`${layer}.bias`) as Tfjs.Tensor);
      if (i < layers.length - 1) h = tf.relu(h);
    });
    return h;
  };
}
