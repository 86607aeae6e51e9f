// Whole epochs of LeNet-5 as users run them, shuffling, batching and progress included: our `fit` beside a PyTorch loop over its
// DataLoader, epoch by epoch in turns. There each side shuffles and starts in its own way; so the same 50 steps from the same weights
// come first, and a side that arrives at another loss gets no ratio.
import { lenet5 } from '@dendrite/cnn';
import { classifier } from '@dendrite/nn';
import type { Runtime } from '@dendrite/spec';
import type { BenchOptions } from '../harness/bench.ts';
import { median } from '../harness/interleave.ts';
import { race } from '../harness/race.ts';
import { type Missing, type Result, type Row, row, smallestRatios } from '../harness/result.ts';
import { settled } from '../harness/turns.ts';
import { openPython, packed } from '../peers/python.ts';
import { torchTrainer } from '../peers/torch-trainer.ts';
import { openRuntime } from './backends.ts';
import { netTrainer } from './net-trainer.ts';
import { patternBatches } from './pattern-batches.ts';

const batchSize = 64;
const batches = 100;
const net = lenet5({ classes: 10, activation: 'relu', pool: 'max' });

export async function fitEpoch({ backend, threads, short }: BenchOptions): Promise<Result> {
  const runtime = await openRuntime(backend, threads);
  const { notes: compared, failed } = await compareSteps(runtime, threads);
  const [all] = patternBatches(1, batches * batchSize, [28, 28, 1], 10);
  if (all === undefined) throw new Error('fit-epoch: there must be data.');
  const torch = await openPython('torch_training.py', threads);
  const missing = 'missing' in torch ? [{ peer: 'torch', why: torch.missing }] : failed;
  if ('ask' in torch) await torch.ask({ do: 'load_epochs', x: packed(all.x), y: packed(all.y), batchSize });

  const ours: number[] = [];
  const theirs: number[] = [];
  const losses = { ours: Number.NaN, theirs: Number.NaN };
  const model = classifier(net, { scaling: 'none' });
  const data = { x: { data: all.x, shape: all.shape }, y: Array.from(all.y) };
  const run = model.run(data, { runtime, epochs: short ? 4 : 8, batchSize, seed: 7 });
  let began = performance.now();
  for await (const { unit, metrics } of run) {
    if (unit !== 'epoch') continue;
    ours.push(performance.now() - began);
    losses.ours = metrics.loss ?? Number.NaN;
    if ('ask' in torch) {
      await settled(threads);
      const { ms = Number.NaN, loss = Number.NaN } = await torch.ask({ do: 'epoch' });
      theirs.push(ms);
      losses.theirs = loss;
      await settled(threads);
    }
    began = performance.now();
  }
  (await run.result).dispose();
  const peers = (of: (times: readonly number[]) => number): Record<string, number> =>
    'ask' in torch && missing.length === 0 ? { [torch.name]: of(theirs) } : {};
  const warm = (times: readonly number[]): number => median(times.slice(1));
  const cold = (times: readonly number[]): number => times[0] ?? Number.NaN;
  const notes = {
    ...compared,
    "last epoch's loss": losses.ours.toFixed(4),
    ...(Number.isFinite(losses.theirs) && { "peer's": losses.theirs.toFixed(4) }),
  };
  const name = `${batches} steps of LeNet-5, batch ${batchSize}`;
  const rows: Row[] = [
    row(name, 'ms an epoch', warm(ours), peers(warm), { notes }),
    row(`${name}: first epoch`, 'ms an epoch', cold(ours), peers(cold), { cold: true }),
  ];
  const conditions = {
    device: `${runtime.name}, ${runtime.device.details}`,
    ...('ask' in torch && { [torch.name]: torch.build }),
  };
  if ('ask' in torch) torch.close();
  return {
    bench: 'fit-epoch',
    backend: runtime.name,
    threads,
    ratios: smallestRatios(rows),
    missing,
    rows,
    conditions,
  };
}

/** The losses of both sides after 50 steps, and PyTorch with the reason where they differ. */
async function compareSteps(
  runtime: Runtime,
  threads: number,
): Promise<{ readonly notes: Row['notes']; readonly failed: Missing[] }> {
  const some = patternBatches(50, batchSize, [28, 28, 1], 10);
  const ours = await netTrainer(runtime, net, some);
  const torch = await torchTrainer(ours.weights, some, threads);
  const peers = 'racer' in torch ? [torch.racer] : [];
  const { rows, missing } = await race('the same steps', ours, peers, { batches: some.length, turn: 25, rounds: 0 });
  return { notes: rows[0]?.notes ?? {}, failed: missing };
}
