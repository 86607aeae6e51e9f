// `npm start`: trains LeNet-5 on handwritten digits, tests it, saves it, loads it back and draws a report.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { cnnLayers, lenet5 } from '@dendrite/cnn';
import { mnist } from '@dendrite/datasets';
import { load, toBytes } from '@dendrite/model';
import { classifier, nnLayers } from '@dendrite/nn';
import { adam, optimizersTable } from '@dendrite/optimizers';
import { isDendriteError, type ProgressEvent, type Runtime } from '@dendrite/spec';
import { evaluation } from './evaluation.ts';
import { openBackend, startedAgainWithWebgpu } from './open-backend.ts';
import { help, type Options, parseOptions } from './options.ts';
import { planFor } from './plan.ts';
import { progressBar } from './progress.ts';
import { withRandomLabels } from './random-labels.ts';
import { reportPage } from './report-page.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) console.log(help);
  else if (options.backend !== 'tfjs-webgpu' || !startedAgainWithWebgpu()) {
    const runtime = await openBackend(options.backend);
    try {
      await train(runtime, options);
    } finally {
      await runtime.dispose();
    }
  }
}

async function train(runtime: Runtime, options: Options): Promise<void> {
  const plan = planFor(runtime.device);
  const { seed } = options;
  const epochs = options.epochs ?? plan.epochs;
  console.log(`backend: ${runtime.name} (${runtime.device.details})`);

  const data = await mnist({
    limit: options.limit ?? plan.images,
    seed,
    ...(options.data !== undefined && { folder: resolve(options.data) }),
  });
  const train = options.randomLabels ? await withRandomLabels(data.train, seed) : data.train;
  const labels = train.labels ?? [];
  console.log(
    `data: ${train.rows} images to train on${options.randomLabels ? ', with random labels' : ''}, ${data.test.rows} to test, ${labels.length} classes`,
  );

  // Small sets are passed over many times: small batches make enough steps of them.
  const batchSize = train.rows < 5000 ? 32 : 64;
  const model = classifier(lenet5({ classes: labels.length }), { optimizer: adam({ learningRate: 2e-3 }) });
  const events: ProgressEvent[] = [];
  const bar = progressBar();
  const digits = await model
    .fit(train, {
      epochs,
      batchSize,
      seed,
      runtime,
      validation: 0.1,
      onProgress(event) {
        events.push(event);
        bar.show(event);
      },
    })
    .finally(bar.stop);

  const tested = await evaluation(digits, data.test);
  console.log(`test accuracy: ${(100 * tested.accuracy).toFixed(2)} %`);

  const folder = resolve(options.out);
  await mkdir(folder, { recursive: true });
  const file = resolve(folder, 'digits.safetensors');
  await writeFile(file, toBytes(await digits.save()));
  // load() asks the model its probe and throws if it answers otherwise than when it was saved.
  const again = await load(await readFile(file), { with: [nnLayers, cnnLayers, optimizersTable], runtime });
  console.log(`model: ${file} (loaded back, answers its probe)`);
  again.dispose();

  const page = resolve(folder, 'report.html');
  const title = `LeNet-5 on ${options.data ?? 'MNIST'}${options.randomLabels ? ' with random labels' : ''}`;
  await writeFile(
    page,
    await reportPage({ title, runtime, options: { ...options, epochs, batchSize }, train, data, events, tested }),
  );
  console.log(`report: ${page}`);
  digits.dispose();
}

main().catch((error: unknown) => {
  // What the user can mend is said in one line; a stack is for faults of ours.
  console.error(isDendriteError(error) ? error.message : error);
  process.exitCode = 1;
});
