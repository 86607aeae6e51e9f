// brain.js's side of a training race: its `NeuralNetwork` on the CPU, one item a step by its own `trainPattern`, from our weights.
// An optional dependency, so its types are written down here. Its file for browsers is taken: the one for Node wants a library that
// compiles a native one, though networks on the CPU need neither.
import { createRequire } from 'node:module';
import type { Batch, Weights } from '../benches/net-trainer.ts';
import type { Racer } from '../harness/race.ts';

interface Item {
  readonly input: Float32Array;
  /** 1 for the class, 0 for the others. */
  readonly output: Float32Array;
}
interface BrainNetwork {
  fromJSON(json: unknown): void;
  /** One step on one item; the mean of its squared errors before it. */
  trainPattern(item: Item, withError: true): number;
  /** So many times over all items. */
  train(items: readonly Item[], options: { readonly iterations: number; readonly errorThresh: number }): unknown;
}
interface Brain {
  readonly NeuralNetwork: new () => BrainNetwork;
}

/** Its default. It adds (target − output) times this: half the gradient of a sum of squares. */
export const brainRate = 0.3;
/** It must have some: this adds nothing that a float32 holds. */
const momentum = 1e-30;

/** It stops at this mean of squared errors, and must have one. */
const errorThresh = 1e-30;

/** Dense layers with the logistic function behind each, or why it cannot be had. A batch must be one item. `epochsACall`: whole epochs by its `train`, which tells no losses. */
export async function brainTrainer(
  weights: Weights,
  batches: readonly Batch[],
  epochsACall: boolean,
): Promise<{ readonly racer: Racer } | { readonly missing: string }> {
  let brain: Brain;
  try {
    brain = createRequire(import.meta.url)('brain.js/dist/browser.js');
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
  const matrices = [...weights].filter(([path]) => path.endsWith('.weight'));
  const sizes = [matrices[0]?.[1].shape[0] ?? 0, ...matrices.map(([, { shape }]) => shape[1] ?? 0)];
  const layers = matrices.map(([path, { shape, data }]) => {
    const [inputs = 0, outputs = 0] = shape;
    const row = (unit: number): number[] => Array.from({ length: inputs }, (_, i) => data[i * outputs + unit] ?? 0);
    const biases = Array.from(weights.get(path.replace('weight', 'bias'))?.data ?? []);
    return { weights: Array.from({ length: outputs }, (_, unit) => row(unit)), biases };
  });
  const network = new brain.NeuralNetwork();
  network.fromJSON({
    sizes,
    layers: [{ weights: [], biases: [] }, ...layers],
    trainOpts: { activation: 'sigmoid', learningRate: brainRate, momentum, timeout: 'Infinity' },
  });
  const items = batches.map(({ x, y }): Item => {
    const output = new Float32Array(sizes.at(-1) ?? 0);
    output[y[0] ?? 0] = 1;
    return { input: x, output };
  });
  return {
    racer: {
      name: 'brain.js',
      steps: Number.POSITIVE_INFINITY,
      async train(which) {
        const losses: number[] = [];
        const began = performance.now();
        for (let at = 0; at < which.length; ) {
          const epochs = epochsACall && which[at] === 0 ? Math.floor((which.length - at) / items.length) : 0;
          if (epochs === 0) losses.push(network.trainPattern(items[which[at++] as number] as Item, true));
          else {
            network.train(items, { iterations: epochs, errorThresh });
            for (const end = at + epochs * items.length; at < end; at++) losses.push(Number.NaN);
          }
        }
        return { losses, ms: performance.now() - began };
      },
      dispose: () => {},
    },
  };
}
