/** Trainings whose plans are held against what they take, at any width. */
import { transformerEncoderLayer } from '@dendrite/attention';
import { avgPool2d, conv2d } from '@dendrite/cnn';
import { mean, relu, tanh } from '@dendrite/core';
import { classifier, dense, flatten, sequential } from '@dendrite/nn';
import { hostKey, normals } from '@dendrite/random';
import { randomForestClassifier } from '@dendrite/random-forest';
import { lstm } from '@dendrite/rnn-lstm';
import type { ArrayData, FitOptions, PlanOptions, Shape, Tensor, TrainingPlan } from '@dendrite/spec';

export type WorkOptions = FitOptions & { readonly epochs?: number };
/** A model with the options that all of these share. */
export interface AnyModel {
  plan(data: ArrayData, options?: WorkOptions & PlanOptions): Promise<TrainingPlan>;
  fit(data: ArrayData, options?: WorkOptions): Promise<{ dispose(): void }>;
}
export interface Workload {
  readonly name: string;
  readonly kind: 'net' | 'forest';
  /** `width`: factor of every layer's width, or of the features. `share` of the rows, default 1. */
  make(width: number, share?: number): { readonly model: AnyModel; readonly data: ArrayData };
}

const classes = 10;
const overTokens = (x: Tensor): Tensor => mean(x, { axes: 1 });

/** Rows of noise around a mean of their class. */
export function noisyRows(rows: number, feature: Shape): ArrayData {
  const size = feature.reduce((product, length) => product * length, 1);
  const noise = normals(hostKey(5), rows * size);
  const data = Float32Array.from(noise, (value, i) => value + (Math.floor(i / size) % classes) * ((i % 7) / 14));
  return { x: { data, shape: [rows, ...feature] }, y: Array.from({ length: rows }, (_, row) => row % classes) };
}

export const workloads: readonly Workload[] = [
  {
    name: 'lenet',
    kind: 'net',
    make: (width, share = 1) => ({
      model: classifier(
        sequential(
          ...[conv2d({ filters: 6 * width, size: 5, padding: 'same' }), tanh, avgPool2d(2)],
          ...[conv2d({ filters: 16 * width, size: 5 }), tanh, avgPool2d(2), flatten],
          ...[dense(120 * width), tanh, dense(84 * width), tanh, dense(classes)],
        ),
      ),
      data: noisyRows(share * 900, [28, 28, 1]),
    }),
  },
  {
    name: 'mlp',
    kind: 'net',
    make: (width, share = 1) => ({
      model: classifier(sequential(dense(128 * width), relu, dense(128 * width), relu, dense(classes))),
      data: noisyRows(share * 2000, [64]),
    }),
  },
  {
    name: 'lstm',
    kind: 'net',
    make: (width, share = 1) => ({
      model: classifier(sequential(lstm(32 * width, { output: 'last' }), dense(classes))),
      data: noisyRows(share * 900, [28, 28]),
    }),
  },
  {
    name: 'transformer',
    kind: 'net',
    make: (width, share = 1) => ({
      model: classifier(
        sequential(dense(32 * width), transformerEncoderLayer({ heads: 4 }), overTokens, dense(classes)),
      ),
      data: noisyRows(share * 600, [24, 16]),
    }),
  },
  {
    name: 'forest',
    kind: 'forest',
    make: (width, share = 1) => ({
      model: randomForestClassifier({ trees: 100 }),
      data: noisyRows(share * 6000, [16 * width]),
    }),
  },
];
