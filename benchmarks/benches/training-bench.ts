// What the benches of training steps share: ours on one backend, beside the peers that a task names.
import type { Layer, Tensor, Tree } from '@dendrite/spec';
import type { BenchOptions } from '../harness/bench.ts';
import { type RaceRules, type Racer, race } from '../harness/race.ts';
import { peakGflops } from '../harness/relaxed-peak.ts';
import { type Missing, type Result, type Row, smallestRatios } from '../harness/result.ts';
import { brainTrainer } from '../peers/brain-trainer.ts';
import { jaxTrainer } from '../peers/jax-js-trainer.ts';
import { tfjsTrainer } from '../peers/tfjs-trainer.ts';
import { torchTrainer } from '../peers/torch-trainer.ts';
import { openRuntime } from './backends.ts';
import { epochTrainer } from './epoch-trainer.ts';
import { type Batch, netTrainer, type Recipe, type Weights } from './net-trainer.ts';
import { stepParts } from './step-parts.ts';

/** What a peer starts from. */
interface Start {
  readonly weights: Weights;
  readonly batches: readonly Batch[];
  /** Steps that it does at most. */
  readonly steps: number;
  readonly threads: number;
  /** It is asked for whole epochs where it can do them. */
  readonly epochsACall: boolean;
}
/** A peer's side with how its library was built, or why there is none. */
type Opened = { readonly racer: Racer; readonly build?: string } | { readonly missing: string };

const trainers = {
  torch: ({ weights, batches, threads }: Start): Promise<Opened> => torchTrainer(weights, batches, threads),
  'tfjs-cpu': ({ weights, batches, steps }: Start): Promise<Opened> => tfjsTrainer('cpu', weights, batches, steps),
  'tfjs-wasm': ({ weights, batches, steps }: Start): Promise<Opened> => tfjsTrainer('wasm', weights, batches, steps),
  'tfjs-webgpu': ({ weights, batches, steps }: Start): Promise<Opened> =>
    tfjsTrainer('webgpu', weights, batches, steps),
  'jax-js': ({ weights, batches, steps }: Start): Promise<Opened> => jaxTrainer(weights, batches, steps),
  'brain.js': ({ weights, batches, epochsACall }: Start): Promise<Opened> =>
    brainTrainer(weights, batches, epochsACall),
};
type PeerName = keyof typeof trainers;

/** A network and what it learns from. */
export interface TrainingTask extends Pick<RaceRules, 'turn' | 'rounds' | 'bars' | 'target'> {
  readonly name: string;
  readonly net: Layer<Tree, Tree, Tensor, Tensor>;
  readonly batches: readonly Batch[];
  /** Who takes part, with the steps that each does at most: few where a step takes seconds; 0 for none. */
  readonly peers: Partial<Readonly<Record<PeerName, number>>>;
  /** Ours at most. */
  readonly steps?: number;
  /** Floating point operations of a step's products: what they take at this core's peak is said beside the time. */
  readonly flops?: number;
  /** Whole epochs where they are asked for: ours by `scan`, over batches that lie on the device. Default false: step by step. */
  readonly epochsACall?: boolean;
  /** Default: Adam on softmax cross-entropy. */
  readonly recipe?: Recipe;
}

/** As many steps as the rules of a race want. */
export const all: number = Number.POSITIVE_INFINITY;

/** Runs the tasks one after another in this process. */
export async function trainingBench(
  bench: string,
  {
    backend,
    threads,
    only = '',
    peers: asked,
    parts,
  }: Pick<BenchOptions, 'backend' | 'threads' | 'only' | 'peers' | 'parts'>,
  tasks: readonly TrainingTask[],
): Promise<Result> {
  for (const peer of asked ?? [])
    if (!Object.hasOwn(trainers, peer))
      throw new Error(`bench: --peers must be among ${Object.keys(trainers).join(', ')}, got ${peer}.`);
  const runtime = await openRuntime(backend, threads);
  const rows: Row[] = [];
  const missing: Missing[] = [];
  const conditions: Record<string, string> = { device: `${runtime.name}, ${runtime.device.details}` };
  const details: string[] = [];
  for (const { name, net, batches, peers, steps, recipe, flops, epochsACall = false, ...rules } of tasks) {
    if (!name.includes(only)) continue;
    const trainer = epochsACall ? epochTrainer : netTrainer;
    const ours = await trainer(runtime, net, batches, steps, recipe);
    const racers: Racer[] = [];
    for (const [peer, steps] of Object.entries(peers) as [PeerName, number][]) {
      if (steps === 0 || asked?.includes(peer) === false) continue;
      const opened = await trainers[peer]({ weights: ours.weights, batches, steps, threads, epochsACall });
      if ('missing' in opened) missing.push({ peer, why: opened.missing });
      else {
        racers.push(opened.racer);
        if (opened.build !== undefined) conditions[opened.racer.name] = opened.build;
      }
    }
    const raced = await race(name, ours, racers, { batches: batches.length, threads, ...rules });
    rows.push(...raced.rows.map((row) => (flops === undefined || row.cold ? row : withBound(row, flops))));
    if (parts)
      details.push(
        name,
        ...(await stepParts(runtime, () => trainer(runtime, net, batches, all, recipe), batches.length)),
      );
    missing.push(...raced.missing);
  }
  const { name } = runtime;
  await runtime.dispose();
  return { bench, backend: name, threads, ratios: smallestRatios(rows), missing, rows, details, conditions };
}

const withBound = (row: Row, flops: number): Row => ({
  ...row,
  notes: { ...row.notes, 'ms of its products at the peak': Number((flops / peakGflops() / 1e6).toFixed(4)) },
});
