// What the benches of training steps share: ours on one backend, beside PyTorch and tfjs.
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import type { BenchOptions } from '../harness/bench.ts';
import { type RaceRules, type Racer, race } from '../harness/race.ts';
import { type Missing, type Result, type Row, smallestRatios } from '../harness/result.ts';
import type { TfjsBackendName } from '../peers/tfjs.ts';
import { tfjsTrainer } from '../peers/tfjs-trainer.ts';
import { torchTrainer } from '../peers/torch-trainer.ts';
import { openRuntime } from './backends.ts';
import { type Batch, netTrainer } from './net-trainer.ts';

/** A network and what it learns from. */
export interface TrainingTask extends Pick<RaceRules, 'turn' | 'rounds' | 'bars' | 'target'> {
  readonly name: string;
  readonly net: Layer<Tree, Tree, Tensor, Tensor>;
  readonly batches: readonly Batch[];
  /** Backends of tfjs that take part, with the steps that each does; 0 for none. */
  readonly tfjs: Partial<Readonly<Record<TfjsBackendName, number>>>;
  readonly torch?: boolean;
  /** Steps of ours at most. */
  readonly steps?: number;
}

/** Runs the tasks one after another in this process. */
export async function trainingBench(
  bench: string,
  { backend, threads }: Pick<BenchOptions, 'backend' | 'threads'>,
  tasks: readonly TrainingTask[],
): Promise<Result> {
  const runtime = await openRuntime(backend, threads);
  const rows: Row[] = [];
  const missing: Missing[] = [];
  const conditions: Record<string, string> = { device: `${runtime.name}, ${runtime.device.details}` };
  for (const { name, net, batches, tfjs, torch = true, steps, ...rules } of tasks) {
    const ours = await netTrainer(runtime, net, batches, steps);
    const peers: Racer[] = [];
    if (torch) {
      const found = await torchTrainer(ours.weights, batches, threads);
      if ('missing' in found) missing.push({ peer: 'torch', why: found.missing });
      else {
        peers.push(found.racer);
        conditions[found.peer.name] = found.peer.build;
      }
    }
    for (const [peer, steps] of Object.entries(tfjs) as [TfjsBackendName, number][]) {
      if (steps === 0) continue;
      const found = await tfjsTrainer(peer, ours.weights, batches, steps);
      if ('missing' in found) missing.push({ peer: `tfjs-${peer}`, why: found.missing });
      else peers.push(found.racer);
    }
    const raced = await race(name, ours, peers, { batches: batches.length, ...rules });
    rows.push(...raced.rows);
    missing.push(...raced.missing);
  }
  const { name } = runtime;
  await runtime.dispose();
  return { bench, backend: name, threads, ratios: smallestRatios(rows), missing, rows, conditions };
}
