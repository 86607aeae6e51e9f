/** What sets classification and regression apart: the targets on the device, the loss, what is measured, what is predicted. */
import { argMax, cast, equal, mean, mul, reshape, softmax, sum } from '@dendrite/core';
import type { CoreOutput } from '@dendrite/model';
import {
  DendriteError,
  type Json,
  type Label,
  type Numbers,
  type Runtime,
  type Shape,
  type Tensor,
} from '@dendrite/spec';
import { meanSquaredError } from '../losses/mean-squared-error.ts';
import { softmaxCrossEntropy } from '../softmax-cross-entropy/softmax-cross-entropy.ts';

/** Losses of rows or elements: `(outputs, targets, { reduction: 'none' })` → `[B]` or `[B, …]`. */
export type Loss = (outputs: Tensor, targets: Tensor, options: { readonly reduction: 'none' }) => Tensor;

export interface TaskHead {
  readonly task: 'classification' | 'regression';
  /** What a file must hold to make this head again. */
  readonly json: Json;
  /** `y` is a batch's: one number a row, or as many as the source of the model gives. */
  targets(runtime: Runtime, y: Numbers): Tensor;
  /** Losses without a batch's mean, `[B]` or `[B, …]`. */
  losses(outputs: Tensor, targets: Tensor): Tensor;
  /** Rank 0: how many rows are right; undefined where that means nothing. */
  correct?(outputs: Tensor, targets: Tensor): Tensor;
  /** From the loss in the network's units to that in the data's. */
  readonly lossScale: number;
  /** What the device is asked for, and what the host makes of it. */
  answer(outputs: Tensor): Tensor;
  read(data: Float32Array, shape: Shape): CoreOutput;
}

/** Codes against logits `[B, K]`. */
export function classificationHead(
  labels: readonly Label[],
  output: Shape,
  loss: Loss | undefined,
  labelSmoothing: number,
): TaskHead {
  if (output.length !== 2 || output[1] !== labels.length)
    throw new DendriteError(
      'SHAPE',
      `classifier(): its layer must give one output for each of the ${labels.length} labels (${listed(labels)}), got the shape [${output.join(', ')}] for one example. End it with dense(${labels.length}).`,
    );
  return {
    task: 'classification',
    json: null,
    lossScale: 1,
    targets: (runtime, y) => runtime.tensor(Int32Array.from(y), [y.length], 'int32'),
    losses: (outputs, targets) =>
      loss === undefined
        ? softmaxCrossEntropy(outputs, targets, { reduction: 'none', labelSmoothing })
        : loss(outputs, targets, { reduction: 'none' }),
    correct: (outputs, targets) => sum(cast(equal(argMax(outputs, { axis: 1 }), targets), 'float32')),
    answer: (outputs) => softmax(outputs),
    read: (probabilities) => ({ probabilities }),
  };
}

/** The head of `classifier`, for models of other packages: codes against logits `[B, K]`. @throws SHAPE */
export const softmaxCrossEntropyHead = (labels: readonly Label[], output: Shape): TaskHead =>
  classificationHead(labels, output, undefined, 0);

/** Mean and deviation of the targets: the network learns `(y − mean) / deviation`. */
export interface TargetScale {
  readonly mean: number;
  readonly deviation: number;
}

/** Numbers against outputs `[B, 1]`. */
export function regressionHead(
  { mean: centre, deviation }: TargetScale,
  output: Shape,
  loss: Loss | undefined,
): TaskHead {
  if (output.length !== 2 || output[1] !== 1)
    throw new DendriteError(
      'SHAPE',
      `regressor(): its layer must give one output, got the shape [${output.join(', ')}] for one example. End it with dense(1).`,
    );
  return {
    task: 'regression',
    json: { mean: centre, deviation },
    lossScale: loss === undefined ? deviation ** 2 : 1,
    targets: (runtime, y) =>
      runtime.tensor(
        Float32Array.from(y, (each) => (each - centre) / deviation),
        [y.length, 1],
        'float32',
      ),
    losses: (outputs, targets) => (loss ?? meanSquaredError)(outputs, targets, { reduction: 'none' }),
    answer: (outputs) => outputs,
    read: (data) => ({ values: Float64Array.from(data, (each) => each * deviation + centre) }),
  };
}

/** Mean and deviation of training targets; 0 and 1 where they are all alike. */
export function targetScale(y: Numbers): TargetScale {
  let mean = 0;
  for (const each of y) mean += each / y.length;
  let variance = 0;
  for (const each of y) variance += (each - mean) ** 2 / y.length;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > 1e-9 * Math.max(1, Math.abs(mean)) ? deviation : 1 };
}

/** One number a row: the mean over whatever axes a loss has behind the first. */
export function rowLosses(losses: Tensor, rows: number): Tensor {
  if (losses.shape[0] !== rows || losses.shape.length === 0)
    throw new DendriteError(
      'SHAPE',
      `loss: must give the losses of ${rows} rows, [${rows}] or [${rows}, …], got [${losses.shape.join(', ')}]. Honour { reduction: 'none' }.`,
    );
  return losses.shape.length === 1 ? losses : mean(reshape(losses, [rows, losses.size / rows]), { axes: 1 });
}

/** `Σ weight·loss`, with weights that add up to 1; their mean where there are none. */
export const batchLoss = (losses: Tensor, weights: Tensor | undefined): Tensor =>
  weights === undefined ? mean(losses) : sum(mul(losses, weights));

const listed = (labels: readonly Label[]): string =>
  labels.slice(0, 12).map(String).join(', ') + (labels.length > 12 ? ', …' : '');
