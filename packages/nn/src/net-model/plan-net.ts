/**
 * What training a network takes, from a rehearsal: training itself, on a runtime that plans like the real one and computes nothing.
 * Three epochs of a few steps show all there is: each shape of a batch is recorded in the first, checked in the second and replayed
 * in the third.
 */
import { createRuntime, leaves, nullBackend, type Rehearsal, rehearse } from '@dendrite/core';
import { inBytes, type PlannedWork } from '@dendrite/model';
import type { Batch, BatchOptions, DataSource, Runtime, Tree } from '@dendrite/spec';
import { type NetPlan, type NetTask, runtimeOf } from './net-plan.ts';
import { trainNet } from './train-net.ts';
import { validationRows } from './validate.ts';

const epochsShown = 3;
const stepsShown = 3;

interface Shown {
  readonly rehearsal: Rehearsal;
  readonly params: Tree;
  /** Of the last full step. */
  readonly dispatches: number;
}

export async function planNet(plan: NetPlan, task: NetTask): Promise<PlannedWork> {
  const { options, data, validation } = task;
  const { epochs = plan.epochs, batchSize = plan.batchSize } = options;
  const runtime = await runtimeOf(task.runtime);
  await runtime.load();
  const { rehearsal, params, dispatches } = await show(plan, task, runtime, batchSize);
  const sizes = leaves(params).map(({ path, tensor }) => ({ path, shape: tensor.shape, size: tensor.size }));
  const parameters = sizes.reduce((sum, { size }) => sum + size, 0);
  const slots = rehearsal.runtime.scope(() => bytesOf(plan.optimizer.init(params)));
  const own = bytesOf(params);
  const { live } = runtime.device.memory();
  const { memoryBytes, bufferBytes } = runtime.device.limits;
  const flops = await flopsOf(plan, task, rehearsal, batchSize);
  const steps = Math.ceil(data.rows / batchSize);
  const fitting = lastOf((limit) => batchThatFits(plan, task, runtime, batchSize, rehearsal.peak, limit));
  return {
    where: `${runtime.name}${runtime.device.details ? ` (${runtime.device.details})` : ''}`,
    unit: 'step',
    units: epochs * steps,
    parameters,
    bytes: {
      peak: rehearsal.peak,
      parts: { parameters: own, optimizer: slots, 'a step': Math.max(0, rehearsal.peak - own - slots) },
    },
    ...(flops !== undefined && { flops }),
    dispatches,
    largest: rehearsal.largest,
    limits: { ...(memoryBytes !== undefined && { memory: memoryBytes - live }), buffer: bufferBytes },
    ...(validation && {
      // A row is measured in about a third of the time that it is learned in.
      validation: { every: steps, units: validation.rows / batchSize / 3 },
    }),
    async smallTrial(limit) {
      const small = await fitting(limit);
      return small === undefined
        ? undefined
        : { options: { batchSize: small }, perUnit: Math.min(batchSize, data.rows) / small };
    },
    async advice(limit) {
      const small = await fitting(limit);
      if (small !== undefined)
        return `Training takes ${inBytes(rehearsal.peak)} where ${inBytes(limit)} may be had: use a batchSize of at most ${small} (${batchSize} was asked for).`;
      const largest = sizes.reduce((a, b) => (b.size > a.size ? b : a));
      const share = Math.round((100 * largest.size) / parameters);
      return `Training takes ${inBytes(rehearsal.peak)} where ${inBytes(limit)} may be had, and too much even with a batchSize of 1: make the network narrower. '${largest.path}' [${largest.shape.join(', ')}] is ${share} % of its parameters.`;
    },
  };
}

/** Remembers the answer to the last question: two are asked about one limit. */
function lastOf<T>(f: (limit: number) => Promise<T>): (limit: number) => Promise<T> {
  let last: { readonly limit: number; readonly answer: Promise<T> } | undefined;
  return (limit) => {
    if (last?.limit !== limit) last = { limit, answer: f(limit) };
    return last.answer;
  };
}

async function show(plan: NetPlan, task: NetTask, runtime: Runtime, batchSize: number): Promise<Shown> {
  const rehearsal = rehearse(runtime);
  const { options, data, validation, stopping: _, ...rest } = task;
  const { epochs = plan.epochs } = options;
  const training = trainNet(plan, {
    ...rest,
    options: { ...options, batchSize, epochs: Math.min(epochsShown, epochs) },
    runtime: rehearsal.runtime,
    data: excerpt(data, batchSize, stepsShown),
    ...(validation && { validation: excerpt(validation, validationRows, 1) }),
    stopping: () => false,
  });
  let dispatches = 0;
  for (let before = 0; ; before = rehearsal.dispatches) {
    const { value, done } = await training.next();
    if (done === true) return { rehearsal, params: value.params, dispatches };
    if (value.unit !== 'batch') continue;
    const full = value.examples % Math.min(data.rows, batchSize) === 0 || dispatches === 0;
    if (full) dispatches = rehearsal.dispatches - before;
  }
}

/** As many full batches as asked for, and the one of the last rows. */
function excerpt(source: DataSource, batchSize: number, batches: number): DataSource {
  const rest = source.rows % batchSize;
  const full = Math.min(batches, Math.floor(source.rows / batchSize));
  const { feature, labels, names } = source;
  return {
    '~dendrite': 'data',
    rows: full * batchSize + rest,
    feature,
    ...(labels && { labels }),
    ...(names && { names }),
    fingerprint: () => source.fingerprint(),
    select: (indices) => source.select(indices),
    targets: () => source.targets(),
    async *batches(options: BatchOptions): AsyncGenerator<Batch, void, void> {
      let given = 0;
      for await (const batch of source.batches({ ...options, skip: 0 })) {
        if (given++ === full) break;
        yield batch;
      }
      if (rest === 0) return;
      const skip = Math.floor(source.rows / batchSize);
      yield* source.batches({ ...options, skip });
    },
  };
}

/** Of a full step; from a rehearsal on a device that can record, where this one cannot. */
async function flopsOf(
  plan: NetPlan,
  task: NetTask,
  rehearsal: Rehearsal,
  batchSize: number,
): Promise<number | undefined> {
  const { flops } =
    rehearsal.flops.length > 0
      ? rehearsal
      : (await show(plan, task, await createRuntime({ backends: [nullBackend()] }), batchSize)).rehearsal;
  return flops.length > 0 ? Math.max(...flops) : undefined;
}

/** The largest batch, as far as a line through two of them tells, whose rehearsal fits. */
async function batchThatFits(
  plan: NetPlan,
  task: NetTask,
  runtime: Runtime,
  batchSize: number,
  peak: number,
  limit: number,
): Promise<number | undefined> {
  const peakOf = async (size: number): Promise<number> => (await show(plan, task, runtime, size)).rehearsal.peak;
  const rows = Math.min(batchSize, task.data.rows);
  const one = await peakOf(1);
  if (one > limit || rows === 1) return undefined;
  let size = Math.max(1, Math.floor(((limit - one) / (peak - one)) * (rows - 1)) + 1);
  // Memory comes in classes of sizes, so the line is off by up to a quarter.
  while (size > 1 && (await peakOf(size)) > limit) size = Math.floor(size * 0.85);
  return size;
}

function bytesOf(tree: Tree): number {
  return leaves(tree).reduce((sum, { tensor }) => sum + tensor.size * bytesPer[tensor.dtype], 0);
}
const bytesPer = { float32: 4, float64: 8, int32: 4, uint8: 1, bool: 1 } as const;
