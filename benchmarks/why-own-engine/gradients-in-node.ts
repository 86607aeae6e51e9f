// tfjs as Node's own loader gives it. Must be measured before anything registers gradients in this process.
import { type Fact, outcome } from './fact.ts';

export const gradientsInNode: Fact = {
  claim: "tfjs has no gradients under Node's module loader",
  measure: async () => {
    const tf = await import('@tensorflow/tfjs-core');
    tf.enableProdMode(); // no greeting
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    const { threw, text } = await outcome(async () => {
      const gradient = tf.grad((x) => tf.sum(tf.mul(x, x)))(tf.tensor1d([1, 2, 3]));
      return `[${[...(await gradient.data())].join(', ')}]`;
    });
    return { reproduced: threw, seen: [`import * as tf; tf.grad(x => tf.sum(tf.mul(x, x))) gives: ${text}`] };
  },
};
