// Which layers cannot be trained on tfjs's WASM backend, by training them.
import { type Fact, outcome } from './fact.ts';
import { tfjsOn } from './tfjs-on.ts';

export const missingKernels: Fact = {
  claim: "tfjs's WASM backend cannot train a convolution, a depthwise convolution or an embedding",
  measure: async () => {
    const tf = await tfjsOn('wasm');
    const pictures = tf.ones([1, 4, 4, 2]) as ReturnType<typeof tf.tensor4d>;
    const rows = tf.tensor1d([0, 1, 1], 'int32');
    const a = tf.ones([2, 3]);
    type Filters = ReturnType<typeof tf.tensor4d>;
    const tries: Readonly<Record<string, () => ReturnType<typeof tf.tensor>>> = {
      'gradient of conv2d': () =>
        tf.grad((f) => tf.sum(tf.conv2d(pictures, f as Filters, 1, 'same')))(tf.ones([3, 3, 2, 2])),
      'gradient of depthwiseConv2d': () =>
        tf.grad((f) => tf.sum(tf.depthwiseConv2d(pictures, f as Filters, 1, 'same')))(tf.ones([3, 3, 2, 1])),
      'gradient of gather (an embedding)': () => tf.grad((table) => tf.sum(tf.gather(table, rows)))(tf.ones([2, 4])),
      einsum: () => tf.einsum('ij,kj->ik', a, a),
    };
    const seen: string[] = [];
    let reproduced = true;
    for (const [name, run] of Object.entries(tries)) {
      const { threw, text } = await outcome(async () => `works, [${(await run().data()).slice(0, 3)}, …]`);
      if (!threw) reproduced = false;
      seen.push(`${name}: ${text}`);
    }
    const names = (backend: string): Set<string> =>
      new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
    const wasm = names('wasm');
    const lacking = [...names('cpu')].filter((name) => !wasm.has(name)).sort();
    seen.push(`its cpu backend has ${lacking.length} kernels that this one lacks: ${lacking.join(', ')}`);
    return { reproduced, seen };
  },
};
