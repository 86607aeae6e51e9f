/** What a long-lived process does: many steps of one training, and many trainings of every kind. */
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime, relu, tanh } from '@dendrite/core';
import { earlyStopping, memoryStore } from '@dendrite/model';
import { classifier, dense, dropout, regressor, sequential } from '@dendrite/nn';
import { extraTreesRegressor, randomForestClassifier, randomForestRegressor } from '@dendrite/random-forest';
import { lstm } from '@dendrite/rnn-lstm';
import { isDendriteError, type ProgressEvent, type Runtime } from '@dendrite/spec';
import { noisyRows } from '../plan-check/workloads.ts';

const rowsAnEpoch = 4000;
const batchSize = 4;
/** Steps come in whole epochs. */
export const stepsAnEpoch: number = rowsAnEpoch / batchSize;

/** One training of so many steps; `on` is called after every `every` of them. */
export async function manySteps(
  runtime: Runtime,
  signal: AbortSignal,
  steps: number,
  every: number,
  on: (done: number) => Promise<void>,
): Promise<void> {
  const { x } = noisyRows(rowsAnEpoch, [6]);
  const y = Float32Array.from({ length: rowsAnEpoch }, (_, i) => Math.sin(i));
  const model = regressor(sequential(dense(16), tanh, dropout(0.1), dense(1)), { batchSize });
  const epochs = Math.ceil((steps * batchSize) / rowsAnEpoch);
  const callbacks = [
    {
      name: 'look',
      async on({ unit, done }: ProgressEvent) {
        if (unit === 'batch' && done % every === 0) await on(done);
      },
    },
  ];
  (await model.fit({ x, y }, { epochs, runtime, signal, callbacks })).dispose();
}

type Fit = (runtime: Runtime, signal: AbortSignal, seed: number) => Promise<void>;

const few = noisyRows(60, [5]);
const sequences = noisyRows(24, [7, 3]);
/** Enough for workers to be worth it. */
const many = noisyRows(8000, [10]);
const { x } = noisyRows(500, [4]);
const numbers = Float32Array.from({ length: 500 }, (_, i) => Math.cos(i));
const net = () => classifier(sequential(dense(8), relu, dense(10)), { batchSize: 16, epochs: 2 });

/** Every kind of training, one after another. */
export const fits: readonly (readonly [name: string, fit: Fit])[] = [
  [
    'a network, predicted, saved and restored',
    async (runtime, signal, seed) => {
      const fitted = await net().fit(few, { runtime, signal, seed, validation: 0.2 });
      await fitted.predict(few.x);
      const restored = await net().restore(await fitted.save(), { runtime });
      restored.dispose();
      fitted.dispose();
    },
  ],
  [
    'a forest on two threads',
    async (_, signal, seed) => {
      const forest = await randomForestClassifier({ trees: 160, maxDepth: 6, workers: 2 }).fit(many, { seed, signal });
      await forest.predict(many.x);
      forest.dispose();
    },
  ],
  [
    'a network on threads of its own',
    async (_, signal, seed) => {
      const runtime = await createRuntime({ backends: [wasm({ threads: 2 })], fallback: false });
      (await net().fit(few, { runtime, signal, seed })).dispose();
      await runtime.dispose();
    },
  ],
  [
    'a recurrent network that stops early',
    async (runtime, signal, seed) => {
      const model = classifier(sequential(lstm(6, { output: 'last' }), dense(10)), { batchSize: 8, epochs: 4 });
      const callbacks = [earlyStopping({ monitor: 'validation.loss', patience: 1, restoreBest: true })];
      (await model.fit(sequences, { runtime, signal, seed, validation: 0.5, callbacks })).dispose();
    },
  ],
  [
    'a training that is aborted',
    async (runtime, _, seed) => {
      const abort = new AbortController();
      const ended = net().fit(few, { runtime, seed, signal: abort.signal, onProgress: () => abort.abort() });
      await ended.catch((error: unknown) => {
        if (!isDendriteError(error, 'ABORTED')) throw error;
      });
    },
  ],
  [
    'a forest that goes on from its checkpoints',
    async (_, signal, seed) => {
      const store = memoryStore();
      const options = { seed, signal, checkpoint: { every: 4, store } };
      const forest = randomForestRegressor({ trees: 8, engine: 'js' });
      const run = forest.run({ x, y: numbers }, options);
      for await (const { done } of run) if (done === 4) break;
      (await run.result).dispose();
      (await forest.fit({ x, y: numbers }, options)).dispose();
    },
  ],
  [
    'a plan and extra trees',
    async (_, signal, seed) => {
      const model = extraTreesRegressor({ trees: 20 });
      await model.plan({ x, y: numbers }, { seed, signal, trial: 0.01 });
      (await model.fit({ x, y: numbers }, { seed, signal })).dispose();
    },
  ],
];
