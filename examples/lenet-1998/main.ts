// LeNet-5 of 1998 on handwritten digits, beside one layer of weights on the same images. Exit code 1 where it is not better.
// node --conditions=@dendrite/source examples/lenet-1998/main.ts [--short] [--images N] [--tests N] [--epochs N] [--seed S]
import { wasm } from '@dendrite/backend-wasm';
import { createRuntime, leaves } from '@dendrite/core';
import { mnist, takePerClass } from '@dendrite/datasets';
import { accuracy } from '@dendrite/metrics';
import { classifier, dense, flatten, sequential } from '@dendrite/nn';
import { adam, linearRate, scheduled } from '@dendrite/optimizers';
import { readFlags } from '../flags/flags.ts';
import { discriminativeLoss, lenet1998 } from './network.ts';

const { values } = readFlags({
  options: {
    short: { type: 'boolean', default: false },
    images: { type: 'string' },
    tests: { type: 'string' },
    epochs: { type: 'string' },
    seed: { type: 'string', default: '7' },
  },
});
const plan = values.short ? { images: 2000, tests: 1000, epochs: 5 } : { images: 60_000, tests: 10_000, epochs: 3 };
const images = Number(values.images ?? plan.images);
const tests = Number(values.tests ?? plan.tests);
const epochs = Number(values.epochs ?? plan.epochs);
const seed = Number(values.seed);

const runtime = await createRuntime({ backends: [wasm()] });
const { params } = lenet1998().init(runtime.key(0), [1, 28, 28, 1]);
const count = leaves(params).reduce((sum, { tensor }) => sum + tensor.size, 0);
console.log(`backend: ${runtime.name}; ${count.toLocaleString('en')} trained numbers (the paper has 60,000)`);

const data = await mnist();
const train = takePerClass(data.train, images, seed);
const test = takePerClass(data.test, tests, seed);
const options = { epochs, seed, runtime };
const batchSize = 32;

const steps = epochs * Math.ceil(train.rows / batchSize);
const falling = linearRate({ from: 1, to: 0, steps });

const started = performance.now();
const digits = await classifier(lenet1998(), {
  optimizer: scheduled(adam({ learningRate: 3e-3 }), falling),
  loss: discriminativeLoss,
  batchSize,
}).fit(train, {
  ...options,
  onProgress(event) {
    if (event.unit === 'epoch')
      console.log(`epoch ${event.done}: ${Math.round((performance.now() - started) / 1000)} s`);
  },
});
const plain = await classifier(sequential(flatten, dense(10)), { batchSize }).fit(train, options);

const ours = await digits.evaluate(test, { accuracy });
const baseline = await plain.evaluate(test, { accuracy });
const error = (share: number): string => `${(100 * (1 - share)).toFixed(2)} %`;
console.log(`${train.rows} images, ${epochs} epochs; errors on ${test.rows} images never trained on:`);
console.log(`  LeNet-5 of 1998        ${error(ours.accuracy)}   (the paper: 0.95 % after 20 passes)`);
console.log(`  one layer of weights   ${error(baseline.accuracy)}   (the paper: 12.0 %)`);
await runtime.dispose();
if (!(ours.accuracy > baseline.accuracy)) {
  console.error('lenet-1998: the network must be better than one layer of weights');
  process.exitCode = 1;
}
