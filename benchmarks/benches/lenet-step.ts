// What one training step of LeNet-5 costs (batch 64, Adam): ours on one backend, and tfjs's own ops and gradients beside it,
// in turns, from the same weights on the same batches. A ratio is given only where the losses of both sides agree.
import { median } from '../harness/interleave.ts';
import { type Result, type Row, row, smallestRatios } from '../harness/result.ts';
import { loadTfjs, type TfjsBackendName } from '../peers/tfjs.ts';
import { tfjsLenet } from '../peers/tfjs-lenet.ts';
import { openRuntime } from './backends.ts';
import { type DigitBatch, digitBatches } from './digit-batches.ts';
import { dendriteLenet, type LenetTrainer } from './lenet-trainer.ts';

const batchSize = 64;
/** tfjs's cpu backend takes seconds a step, so peers do the first few only; so does ours on a software adapter. */
const manySteps = 24;
const peerSteps = 3;
/** Losses of both sides may differ by this much. */
const lossTolerance = 1e-3;
/** ms, on the plain JavaScript backend. */
const target = 400;

/** Measures in this process. */
export async function lenetStep({
  backend,
  peers: asked = ['cpu', 'wasm'],
}: {
  readonly backend: string;
  /** Backends of tfjs that are measured beside ours. */
  readonly peers?: readonly TfjsBackendName[];
}): Promise<Result & { readonly details: string }> {
  const runtime = await openRuntime(backend);
  const steps = runtime.device.software ? peerSteps : manySteps;
  const batches = digitBatches(steps, batchSize);
  const ours = await dendriteLenet(runtime, batchSize);
  const sides: Side[] = [new Side('ours', ours, steps)];
  const missing: { peer: string; why: string }[] = [];
  for (const name of asked) {
    const peer = await loadTfjs(name);
    if ('missing' in peer) missing.push({ peer: `tfjs-${name}`, why: peer.missing });
    else sides.push(new Side(`tfjs-${name}`, tfjsLenet(peer.tf, name, ours.weights, batchSize), peerSteps));
  }
  for (const batch of batches) for (const side of sides) await side.take(batch);
  const [own, ...peers] = sides;
  if (own === undefined || own.failed !== undefined) throw new Error(`lenet-step: ${own?.failed}`);

  const times: Record<string, number> = {};
  const notes: Record<string, string | number> = { [`loss after ${peerSteps} steps`]: lossAt(own, peerSteps) };
  for (const peer of peers) {
    const apart = Math.abs(lossAt(peer, peerSteps) - lossAt(own, peerSteps));
    if (peer.failed !== undefined) missing.push({ peer: peer.name, why: `it cannot train this: ${peer.failed}` });
    else {
      notes[`${peer.name}'s loss`] = lossAt(peer, peerSteps);
      if (apart <= lossTolerance) times[peer.name] = peer.median;
      else missing.push({ peer: peer.name, why: `its loss is off by ${apart}, so its time says nothing` });
    }
  }
  notes[`loss after ${steps} steps`] = lossAt(own, steps);
  const rows: Row[] = [
    row(`LeNet-5, batch ${batchSize}, Adam`, 'ms a step', own.median, times, {
      ...(backend === 'cpu' ? { target } : {}),
      notes,
    }),
  ];
  for (const { trainer } of sides) trainer.dispose();
  const { name, device } = runtime;
  await runtime.dispose();
  return {
    bench: 'lenet-step',
    backend: name,
    details: device.details,
    threads: 1,
    ratios: smallestRatios(rows),
    missing,
    rows,
  };
}

class Side {
  readonly name: string;
  readonly trainer: LenetTrainer;
  private readonly steps: number;
  private readonly losses: number[] = [];
  private readonly times: number[] = [];
  failed: string | undefined;

  constructor(name: string, trainer: LenetTrainer, steps: number) {
    this.name = name;
    this.trainer = trainer;
    this.steps = steps;
  }

  /** One step, unless it has done its share. */
  async take(batch: DigitBatch): Promise<void> {
    if (this.failed !== undefined || this.losses.length >= this.steps) return;
    const began = performance.now();
    try {
      this.losses.push(await this.trainer.step(batch));
      this.times.push(performance.now() - began);
    } catch (error) {
      this.failed = error instanceof Error ? error.message : String(error);
    }
  }

  /** Without the first step, which compiles. */
  get median(): number {
    return median(this.times.slice(1));
  }
  loss(step: number): number {
    return this.losses[step - 1] ?? Number.NaN;
  }
}

const lossAt = (side: Side, step: number): number => Number(side.loss(step).toFixed(5));
