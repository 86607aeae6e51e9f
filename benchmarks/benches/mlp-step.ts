// What one training step of small networks of dense layers costs, reading the loss included: at batch 32 under Adam, beside the
// libraries that train so; and one item a step by gradient descent, which is how brain.js trains, step by step and by epochs. The smallest network has next to
// no arithmetic: all that counts is what a step costs besides.
import { oneHot, relu, sigmoid } from '@dendrite/core';
import { dense, heUniform, meanSquaredError, sequential } from '@dendrite/nn';
import { sgd } from '@dendrite/optimizers';
import type { BenchOptions } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';
import { brainRate } from '../peers/brain-trainer.ts';
import { patternBatches } from './pattern-batches.ts';
import { all, type TrainingTask, trainingBench } from './training-bench.ts';

const batchSize = 32;
/** Inputs, hidden units, classes; how many times faster than PyTorch 1; steps of a turn: where a step takes microseconds, thousands are needed before it is warm. */
const sizes = [
  [784, 128, 10, 2.8, 25],
  [4, 16, 3, 10, 250],
] as const;
/** Items that a network is trained on when it takes all of them in one call. */
const items = 150;
const start = { initializer: heUniform };

export async function mlpStep(options: BenchOptions): Promise<Result> {
  const { threads, short } = options;
  const rounds = short ? 10 : 30;
  const alone = (steps: number): number => (threads > 1 ? 0 : steps);
  const inBatches = sizes.map(
    ([inputs, hidden, classes, bar, turn]): TrainingTask => ({
      name: `${inputs}-${hidden}-${classes}, batch ${batchSize}, Adam`,
      net: sequential(dense(hidden, start), relu, dense(classes, start)),
      batches: patternBatches(50, batchSize, [inputs], classes),
      // Forward, and backwards for the weights of both layers and the hidden units: nobody asks for the inputs' gradient.
      flops: 2 * batchSize * hidden * (2 * inputs + 3 * classes),
      turn,
      rounds,
      bars: { 'torch-1': bar, 'jax-js': 3 },
      // tfjs and jax-js take milliseconds a step.
      peers: { torch: all, 'tfjs-cpu': alone(150), 'tfjs-wasm': alone(150), 'jax-js': alone(turn > 25 ? 1500 : 300) },
    }),
  );
  const itemByItem = (epochsACall: boolean): TrainingTask[] =>
    sizes.map(
      ([inputs, hidden, classes, , turn]): TrainingTask => ({
        name: `${inputs}-${hidden}-${classes}, one item, SGD${epochsACall ? `, ${items} steps a call` : ''}`,
        net: sequential(dense(hidden, start), sigmoid, dense(classes, start), sigmoid),
        batches: patternBatches(epochsACall ? items : 50, 1, [inputs], classes),
        epochsACall,
        // As many epochs as it takes until all is warm.
        turn: epochsACall ? items * (turn > 25 ? 100 : 2) : turn,
        rounds,
        bars: { 'brain.js': 3 },
        peers: { 'brain.js': alone(all) },
        recipe: {
          loss: (outputs, labels) => meanSquaredError(outputs, oneHot(labels, { classes })),
          // The gradient of a mean of squares is 2 / classes times the difference.
          optimizer: sgd({ learningRate: (brainRate * classes) / 2 }),
        },
      }),
    );
  return trainingBench('mlp-step', options, [
    ...inBatches,
    ...(threads > 1 ? [] : [...itemByItem(false), ...itemByItem(true)]),
  ]);
}
