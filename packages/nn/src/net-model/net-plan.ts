/** What training a network needs to know besides the task: made by `classifier` and `regressor` from their options. */
import { hasDefaultRuntime, loadDefaultRuntime } from '@dendrite/core';
import type { TrainTask } from '@dendrite/model';
import type { Batch, Capabilities, Json, Label, Numbers, Optimizer, Runtime, Shape } from '@dendrite/spec';
import type { AnyLayer } from '../composition/bind-layer.ts';
import { type Scaling, type ScalingChoice, scaled } from './scaling.ts';
import type { TaskHead } from './task-head.ts';
import type { StepBatch } from './train-step.ts';

export interface NetCapabilities extends Capabilities {
  readonly task: 'classification' | 'regression';
  readonly data: 'batches';
  readonly probabilities: boolean;
  readonly importance: false;
  readonly outOfBag: false;
  readonly parameters: true;
  readonly resume: 'step';
}
export interface NetFitOptions {
  /** Passes over the training data. */
  readonly epochs?: number;
  /** Examples a step. */
  readonly batchSize?: number;
}
export interface NetPlan {
  /** `'classifier'` or `'regressor'`, for messages. */
  readonly owner: string;
  readonly layer: AnyLayer;
  readonly optimizer: Optimizer;
  readonly scaling: ScalingChoice;
  readonly epochs: number;
  readonly batchSize: number;
  /** For training: what the targets ask for. */
  fitHead(labels: readonly Label[], targets: Numbers, output: Shape): TaskHead;
  /** For a file: what its `head` says. */
  headFrom(labels: readonly Label[], json: Json, output: Shape): TaskHead;
}
export type NetTask = TrainTask<NetCapabilities, NetFitOptions>;

/** A batch on the device. */
export function uploadBatch(
  runtime: Runtime,
  head: TaskHead,
  scaling: Scaling,
  batch: Batch,
  classWeight?: Float32Array,
): StepBatch {
  const x = runtime.tensor(scaled(batch, scaling), batch.x.shape);
  const targets = targetsOf(batch);
  const y = head.targets(runtime, targets);
  const weights = weightsOf(batch, targets, classWeight);
  return weights === undefined ? { x, y } : { x, y, weights: runtime.tensor(weights) };
}
export const targetsOf = ({ y, rows }: Batch): Numbers => y ?? new Float32Array(rows);

/** Weights of the rows times those of their classes, divided by their sum; undefined where all rows count alike. */
export function weightsOf(
  { sampleWeight, rows }: Batch,
  targets: Numbers,
  classWeight: Float32Array | undefined,
): Float32Array | undefined {
  if (sampleWeight === undefined && classWeight === undefined) return undefined;
  const weights = Float32Array.from(
    { length: rows },
    (_, i) => (sampleWeight?.[i] ?? 1) * (classWeight?.[targets[i] ?? 0] ?? 1),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  // A batch whose rows all weigh nothing teaches nothing; 0 / 0 would stop the run.
  return weights.map((each) => each / (total || 1));
}

/** Said with the first event: where the work is done, and what would be faster. */
export function noticeOf(runtime: Runtime, given: Runtime | undefined): string {
  const { name, device } = runtime;
  if (given === undefined && !hasDefaultRuntime())
    return `Training on ${name} in plain JavaScript, because no backend was chosen. SIMD kernels train a LeNet-5 more than ten times as fast: npm install @dendrite/backend-wasm, and before fit() await init({ backends: [wasm()] }).`;
  return `Training on ${name}${device.details ? ` (${device.details})` : ''}${device.software ? ': a software adapter, correct but slow' : ''}.`;
}

/** Where a model computes. */
export const runtimeOf = async (given: Runtime | undefined): Promise<Runtime> => given ?? (await loadDefaultRuntime());
