// What one training step of LeNet-5 costs (batch 64, relu, maxima, Adam), reading the loss included.
import { lenet5 } from '@dendrite/cnn';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { patternBatches } from './pattern-batches.ts';
import { trainingBench } from './training-bench.ts';

const batchSize = 64;
/** ms, on the plain JavaScript backend. */
const target = 400;

export async function lenetStep({ backend, threads, short, process }: BenchOptions): Promise<Result> {
  const slow = backend.endsWith('webgpu') || backend.endsWith('cpu');
  return trainingBench('lenet-step', { backend, threads }, [
    {
      name: `LeNet-5, batch ${batchSize}, Adam`,
      net: lenet5({ classes: 10, activation: 'relu', pool: 'max' }),
      batches: patternBatches(50, batchSize, [28, 28, 1], 10),
      turn: 5,
      rounds: slow ? 2 : short ? 15 : 30,
      bars: threads === 1 ? { 'torch-1': 1.5, 'torch-2': 2, 'tfjs-cpu': 800 } : { 'torch-1': 1.3 },
      ...(backend === 'cpu' && { target }),
      // Its cpu backend takes seconds a step; its WASM backend says in a moment that it cannot.
      tfjs: threads > 1 ? {} : { cpu: process > 0 ? 0 : short ? 3 : 50, wasm: process > 0 ? 0 : 50 },
    },
  ]);
}
