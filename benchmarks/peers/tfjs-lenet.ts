// The same LeNet-5 under Adam in tfjs's own ops and gradients, on its own backend, from our weights.
import type * as Tfjs from '@tensorflow/tfjs-core';
import { type LenetTrainer, learningRate, type Weights } from '../benches/lenet-trainer.ts';
import type { TfjsBackendName } from './tfjs.ts';

/** tfjs's side. Its current backend is set anew before each step, because ours may be running on another one of it. */
export function tfjsLenet(
  tf: typeof Tfjs,
  backend: TfjsBackendName,
  weights: Weights,
  batchSize: number,
): LenetTrainer {
  const variable = (path: string): Tfjs.Variable => {
    const found = weights.get(path);
    if (found === undefined)
      throw new Error(`tfjsLenet(): there must be a weight ${path}, got ${[...weights.keys()]}.`);
    return tf.variable(tf.tensor(found.data, [...found.shape]));
  };
  tf.setBackend(backend);
  const [f1, b1, f2, b2] = ['0.filters', '0.bias', '3.filters', '3.bias'].map(variable) as [V, V, V, V];
  const denses = ['7', '9', '11'].map((at) => [variable(`${at}.weight`), variable(`${at}.bias`)] as const);
  type V = Tfjs.Variable;
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
  const logitsOf = (x: Tfjs.Tensor4D): Tfjs.Tensor2D => {
    const c1 = tf.tanh(tf.add(tf.conv2d(x, f1 as Tfjs.Tensor4D, 1, 'same'), b1));
    const s2 = tf.avgPool(c1 as Tfjs.Tensor4D, 2, 2, 'valid');
    const c3 = tf.tanh(tf.add(tf.conv2d(s2, f2 as Tfjs.Tensor4D, 1, 'valid'), b2));
    const s4 = tf.avgPool(c3 as Tfjs.Tensor4D, 2, 2, 'valid');
    let h: Tfjs.Tensor = tf.reshape(s4, [batchSize, -1]);
    denses.forEach(([weight, bias], i) => {
      h = tf.add(tf.matMul(h, weight), bias);
      if (i < denses.length - 1) h = tf.tanh(h);
    });
    return h as Tfjs.Tensor2D;
  };
  return {
    step: async ({ pixels, labels }) => {
      tf.setBackend(backend);
      const loss = tf.tidy(() => {
        const x = tf.tensor4d(pixels, [batchSize, 28, 28, 1]);
        const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 10);
        const { value, grads } = tf.variableGrads(
          () => tf.losses.softmaxCrossEntropy(y, logitsOf(x)) as Tfjs.Scalar,
          [f1, b1, f2, b2, ...denses.flat()],
        );
        optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        return value;
      });
      const [number = Number.NaN] = await loss.data();
      loss.dispose();
      return number;
    },
    dispose: () => {
      for (const each of [f1, b1, f2, b2, ...denses.flat()]) each.dispose();
      optimizer.dispose();
    },
  };
}
