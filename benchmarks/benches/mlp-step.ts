// What one training step of small networks of dense layers costs (batch 32, relu, Adam), reading the loss included. The smaller
// one has next to no arithmetic: all that counts is what a step costs besides.
import { relu } from '@dendrite/core';
import { dense, heUniform, sequential } from '@dendrite/nn';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { patternBatches } from './pattern-batches.ts';
import { type TrainingTask, trainingBench } from './training-bench.ts';

const batchSize = 32;
/** Inputs, hidden units, classes; how many times faster than PyTorch 1; steps of a turn: where a step takes microseconds, thousands are needed before it is warm. */
const sizes = [
  [784, 128, 10, 2.8, 25],
  [4, 16, 3, 10, 250],
] as const;

export async function mlpStep({ backend, threads, short }: BenchOptions): Promise<Result> {
  const tasks = sizes.map(([inputs, hidden, classes, bar, turn]): TrainingTask => {
    const start = { initializer: heUniform };
    return {
      name: `${inputs}-${hidden}-${classes}, batch ${batchSize}, Adam`,
      net: sequential(dense(hidden, start), relu, dense(classes, start)),
      batches: patternBatches(50, batchSize, [inputs], classes),
      turn,
      rounds: short ? 10 : 30,
      bars: { 'torch-1': bar },
      tfjs: threads > 1 ? {} : { cpu: 150, wasm: 150 },
    };
  });
  return trainingBench('mlp-step', { backend, threads }, tasks);
}
