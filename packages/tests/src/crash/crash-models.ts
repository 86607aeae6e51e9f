/** The four trainings that are killed: everything on that must survive, on data made from a seed. */
import { createHash } from 'node:crypto';
import { wasm } from '@dendrite/backend-wasm';
import { avgPool2d, conv2d, maxPool2d } from '@dendrite/cnn';
import { createRuntime, relu } from '@dendrite/core';
import { arraySource, augmentedImages, fromColumns } from '@dendrite/datasets';
import { earlyStopping, toBytes } from '@dendrite/model';
import { batchNorm, classifier, dense, dropout, flatten, sequential } from '@dendrite/nn';
import { adam, reduceOnPlateau, scheduled, sgd } from '@dendrite/optimizers';
import { hostKey, integers, normals } from '@dendrite/random';
import { randomForestClassifier } from '@dendrite/random-forest';
import { characterLanguageModel } from '@dendrite/rnn-lstm';
import type { FitOptions, ProgressEvent, SavedModel } from '@dendrite/spec';
import { drawnDigits } from '../lenet/lenet-losses.ts';

interface Ended {
  readonly history: readonly ProgressEvent[];
  readonly stopped?: string;
  save(): Promise<SavedModel>;
  dispose(): void;
}
type Watch = Pick<FitOptions, 'checkpoint' | 'onProgress'>;
export type CrashModel = 'lenet' | 'lstm' | 'mlp' | 'forest';
const trainings: Readonly<Record<CrashModel, (watch: Watch) => Promise<Ended>>> = { lenet, lstm, mlp, forest };

/** Trains it, and gives the sha256 of its file, its history without seconds, and why it ended. */
export async function endOf(model: CrashModel, watch: Watch): Promise<string> {
  const fitted = await trainings[model](watch);
  const told = fitted.history.map(({ seconds: _, ...event }) => event);
  const hash = createHash('sha256')
    .update(toBytes(await fitted.save()))
    .update(JSON.stringify([told, fitted.stopped ?? null]));
  fitted.dispose();
  return hash.digest('hex');
}

/** LeNet's levels with batch norm and dropout; momentum, a rate that falls on a plateau, shuffled and moved pictures. */
async function lenet(watch: Watch): Promise<Ended> {
  const { pixels, labels } = drawnDigits(220);
  // One label in five is wrong, so that learning by heart is punished and early stopping has something to stop.
  const wrong = integers(hostKey(5), 220, 50);
  const targets = labels.map((label, i) => ((wrong[i] ?? 10) < 10 ? (wrong[i] ?? label) : label));
  const source = arraySource({
    x: { data: pixels, shape: [220, 28, 28, 1] },
    targets,
    labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  });
  const net = sequential(
    sequential(conv2d({ filters: 6, size: 5 }), batchNorm(), relu, avgPool2d(2)),
    sequential(conv2d({ filters: 16, size: 5 }), batchNorm(), relu, maxPool2d(2)),
    sequential(flatten, dense(32), relu, dropout(0.3), dense(10)),
  );
  const optimizer = scheduled(sgd({ learningRate: 0.05, momentum: 0.9 }), reduceOnPlateau({ patience: 1 }));
  return classifier(net, { optimizer, batchSize: 16, epochs: 14 }).fit(augmentedImages(source), {
    ...{ seed: 11, validation: 0.2, runtime: await createRuntime({ backends: [wasm()] }) },
    callbacks: [earlyStopping({ patience: 3 })],
    ...watch,
  });
}

/** Characters of a text, read as streams whose state goes on from batch to batch. */
async function lstm(watch: Watch): Promise<Ended> {
  const words = ['the', 'cat', 'dog', 'sat', 'ran', 'on', 'under', 'a', 'mat', 'tree'];
  const drawn = integers(hostKey(6), 900, words.length);
  const text = Array.from(drawn, (each) => words[each]).join(' ');
  return characterLanguageModel({ units: 24, layers: 2, dropout: 0.1, steps: 12, batchSize: 8, epochs: 8 }).fit(
    { text },
    {
      ...{ seed: 12, validation: 0.2, runtime: await createRuntime({ backends: [wasm()] }) },
      callbacks: [earlyStopping({ patience: 2 })],
      ...watch,
    },
  );
}

/** 1,200 small steps: from the 500th of a process on, a step is one linked function. */
async function mlp(watch: Watch): Promise<Ended> {
  const rows = 300;
  const x = { data: Float32Array.from(normals(hostKey(8), rows * 8)), shape: [rows, 8] };
  const y = Array.from(
    { length: rows },
    (_, i) => ['in', 'out'][Number(Math.hypot(...x.data.subarray(8 * i, 8 * i + 3)) > 1.5)] ?? '',
  );
  const net = sequential(dense(16), relu, dropout(0.1), dense(2));
  // 15 batches of one size an epoch.
  return classifier(net, { optimizer: adam({ learningRate: 0.003 }), batchSize: 16, epochs: 80 }).fit(
    { x, y },
    { seed: 14, validation: 0.2, runtime: await createRuntime({ backends: [wasm()] }), ...watch },
  );
}

/** Trees of classes that overlap, judged out of bag; early stopping by that score. */
async function forest(watch: Watch): Promise<Ended> {
  const rows = 2500;
  const noise = normals(hostKey(7), rows * 8);
  const kinds = Array.from({ length: rows }, (_, i) => ['a', 'b', 'c'][i % 3] ?? '');
  const table = Object.fromEntries(
    Array.from({ length: 8 }, (_, c) => [
      `x${c}`,
      Float64Array.from({ length: rows }, (_, i) => ((i % 3) - 1) * (c % 4) * 0.4 + (noise[i * 8 + c] ?? 0)),
    ]),
  );
  const data = { table: fromColumns({ ...table, kind: kinds }), target: 'kind' };
  return randomForestClassifier({ trees: 120, workers: 2 }).fit(data, {
    ...{ seed: 13, classWeight: 'balanced' },
    callbacks: [earlyStopping({ monitor: 'outOfBag', patience: 25, mode: 'max' })],
    ...watch,
  });
}
