// What one training step of LeNet-5 costs (batch 64, relu, maxima, Adam), reading the loss included.
import { lenet5 } from '@dendrite/cnn';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { patternBatches } from './pattern-batches.ts';
import { all, trainingBench } from './training-bench.ts';

const batchSize = 64;
/** ms, on the plain JavaScript backend. */
const target = 400;

export async function lenetStep(options: BenchOptions): Promise<Result> {
  const { backend, threads, short, process } = options;
  const slow = backend.endsWith('webgpu') || backend.endsWith('cpu');
  // The others have one thread in Node, and take so long a step that one process is enough.
  const once = (steps: number, shortly: number): number => (threads > 1 || process > 0 ? 0 : short ? shortly : steps);
  return trainingBench('lenet-step', options, [
    {
      name: `LeNet-5, batch ${batchSize}, Adam`,
      net: lenet5({ classes: 10, activation: 'relu', pool: 'max' }),
      batches: patternBatches(50, batchSize, [28, 28, 1], 10),
      turn: 5,
      rounds: slow ? 2 : short ? 15 : 30,
      bars: threads === 1 ? { 'torch-1': 1.5, 'torch-2': 2, 'tfjs-cpu': 800, 'jax-js': 3 } : { 'torch-1': 1.3 },
      ...(backend === 'cpu' && { target }),
      // tfjs's cpu backend takes seconds a step, jax-js half a second; tfjs's WASM backend says in a moment that it cannot.
      peers: { torch: all, 'tfjs-cpu': once(50, 3), 'tfjs-wasm': once(50, 50), 'jax-js': once(60, 10) },
    },
  ]);
}
