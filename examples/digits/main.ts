// `npm start`: trains LeNet-5 on handwritten digits, tests it, saves it, loads it back and draws a report.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cnnLayers, lenet5 } from '@dendrite/cnn';
import { load, toBytes } from '@dendrite/model';
import { classifier, nnLayers } from '@dendrite/nn';
import { linearRate, optimizersTable, scheduled, sgd } from '@dendrite/optimizers';
import { hostKey, permutation } from '@dendrite/random';
import { type DataSource, isDendriteError, type Label, type ProgressEvent, type Runtime } from '@dendrite/spec';
import { evaluation } from './evaluation.ts';
import { openBackend, startedAgainWithWebgpu } from './open-backend.ts';
import { help, type Options, parseOptions } from './options.ts';
import { planFor } from './plan.ts';
import { progressBar } from './progress.ts';
import { reportPage } from './report-page.ts';
import { trainingImages } from './training-images.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) console.log(help);
  // Where WebGPU is tried, the process needs its drivers from the start.
  else if (isWithoutWebgpu(options) || !startedAgainWithWebgpu()) {
    const runtime = await openBackend(options.backend);
    try {
      await train(runtime, options);
    } finally {
      await runtime.dispose();
    }
  }
}

const isWithoutWebgpu = ({ backend }: Options): boolean => backend !== undefined && backend !== 'tfjs-webgpu';
const batchSize = 32;

async function train(runtime: Runtime, options: Options): Promise<void> {
  const plan = planFor(runtime.device);
  const { seed } = options;
  const epochs = options.epochs ?? plan.epochs;
  console.log(`backend: ${runtime.name} (${runtime.device.details})`);
  for (const { name, taken, why } of runtime.choice) {
    if (!taken && name !== 'cpu') console.log(`not ${name}: ${why}`);
  }

  const { train, validation, test } = await trainingImages({ ...options, limit: options.limit ?? plan.images });
  const labels = train.labels ?? [];
  const dealt = options.randomLabels ? ' with random labels' : '';
  console.log(`data: ${train.rows} images to train on${dealt}, ${validation.rows} to validate, ${test.rows} to test`);

  const layers = lenet5({ classes: labels.length, pool: 'max' });
  const steps = epochs * Math.ceil(train.rows / batchSize);
  // Long steps first, and none at the end, where they would only shake the weights around the valley they have found.
  const optimizer = scheduled(sgd({ learningRate: 0.03, momentum: 0.9 }), linearRate({ from: 1, to: 0, steps }));
  const model = classifier(layers, { optimizer, batchSize });
  const events: ProgressEvent[] = [];
  const bar = progressBar();
  const digits = await model
    .fit(train, {
      epochs,
      seed,
      runtime,
      validation,
      onProgress(event) {
        events.push(event);
        bar.show(event);
      },
    })
    .finally(bar.stop);

  const tested = await evaluation(digits, test);
  const trained = await evaluation(digits, sample(train, 10_000, seed));
  console.log(`training accuracy: ${percent(trained.accuracy)}`);
  console.log(`test accuracy: ${percent(tested.accuracy)}`);

  const folder = resolve(options.out);
  await mkdir(folder, { recursive: true });
  const file = resolve(folder, 'digits.safetensors');
  await writeFile(file, toBytes(await digits.save()));
  // load() asks the model its probe and throws if it answers otherwise than when it was saved.
  const again = await load(await readFile(file), { with: [nnLayers, cnnLayers, optimizersTable], runtime });
  console.log(`model: ${file} (loaded back, answers its probe)`);
  again.dispose();

  const page = resolve(folder, 'report.html');
  const { randomLabels } = options;
  const facts = {
    title: `Digits from ${options.data ?? 'MNIST'}${randomLabels ? ', with random labels' : ''}`,
    backend: `${runtime.name} (${runtime.device.details})`,
    images: train.rows,
    ...{ epochs, batchSize, seed, randomLabels, events, trained, tested },
  };
  await writeFile(page, reportPage(facts));
  console.log(`report: ${page}`);
  digits.dispose();
}

/** So many rows drawn by the seed: enough to know an accuracy to half a point. */
function sample<T extends Label>(source: DataSource<T>, rows: number, seed: number): DataSource<T> {
  if (source.rows <= rows) return source;
  return source.select(permutation(hostKey(seed).fork('sample'), source.rows).slice(0, rows));
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

main().catch((error: unknown) => {
  // What the user can mend is said in one line; a stack is for faults of ours.
  console.error(isDendriteError(error) ? error.message : error);
  process.exitCode = 1;
});
