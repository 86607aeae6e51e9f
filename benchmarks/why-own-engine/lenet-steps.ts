// A LeNet-5 training step on each of tfjs's backends with its own gradients, and on ours, its routines under our gradients
// among them.
import { lenet5 } from '@dendrite/cnn';
import { patternBatches } from '../benches/pattern-batches.ts';
import { type TrainingTask, trainingBench } from '../benches/training-bench.ts';
import type { Result } from '../harness/result.ts';
import { type Fact, outcome } from './fact.ts';

export const lenetSteps: Fact = {
  claim:
    "LeNet-5 trains on every backend of ours, tfjs's WASM routines included, and faster than with tfjs's own gradients",
  measure: async () => {
    const plain = await fewSteps('cpu', { 'tfjs-cpu': 3, 'tfjs-wasm': 3, 'tfjs-webgpu': 3 });
    const [row] = plain.rows;
    const seen = [
      ...Object.entries(row?.peers ?? {}).map(([peer, ms]) => `${peer} itself: ${ms} ms a step`),
      ...plain.missing.map(({ peer, why }) => `${peer} itself: ${why}`),
      `ours, cpu: ${row?.ours} ms a step`,
    ];
    let all = row !== undefined && Object.values(row.ratios).every((ratio) => ratio > 1);
    for (const backend of ['tfjs-cpu', 'tfjs-wasm', 'tfjs-webgpu']) {
      const { threw, text } = await outcome(async () => {
        const { rows, conditions } = await fewSteps(backend, {});
        return `${rows[0]?.ours} ms a step (${conditions?.device})`;
      });
      if (threw) all = false;
      seen.push(`ours, ${backend}: ${text}`);
    }
    return { reproduced: all, seen };
  },
};

/** As `pnpm bench lenet-step`, without PyTorch. */
const fewSteps = (backend: string, peers: TrainingTask['peers']): Promise<Result> =>
  trainingBench('lenet-step', { backend, threads: 1 }, [
    {
      name: 'LeNet-5',
      net: lenet5({ classes: 10, activation: 'relu', pool: 'max' }),
      batches: patternBatches(5, 64, [28, 28, 1], 10),
      steps: 3,
      turn: 1,
      rounds: 3,
      peers,
    },
  ]);
