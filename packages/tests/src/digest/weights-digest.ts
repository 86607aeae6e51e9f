/** LeNet-5 trained by `fit` on drawn digits, the last batch of an epoch an odd one: the sha256 of its weights. */
import { createHash } from 'node:crypto';
import { wasm } from '@dendrite/backend-wasm';
import { lenet5 } from '@dendrite/cnn';
import { createRuntime, leaves } from '@dendrite/core';
import { arraySource } from '@dendrite/datasets';
import { classifier } from '@dendrite/nn';
import { drawnDigits } from '../lenet/lenet-losses.ts';

export interface DigestOptions {
  readonly threads: number;
  readonly relaxed?: boolean;
  /** Default `'work'`, as users have it. */
  readonly split?: 'work' | 'always';
  /** Default 333: five batches of 64 and one of 13. */
  readonly rows?: number;
  readonly batch?: number;
  readonly epochs?: number;
}
export interface Digest {
  readonly sha256: string;
  readonly details: string;
  readonly loss: number;
}

export async function weightsDigest(options: DigestOptions): Promise<Digest> {
  const { threads, relaxed = true, split = 'work', rows = 333, batch = 64, epochs = 3 } = options;
  const runtime = await createRuntime({ backends: [wasm({ threads, relaxed, split })], fallback: false });
  const { details } = runtime.device;
  const { pixels, labels } = drawnDigits(rows);
  const source = arraySource({
    x: { data: pixels, shape: [rows, 28, 28, 1] },
    targets: labels,
    labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  });
  let loss = Number.NaN;
  const model = await classifier(lenet5({ classes: 10, pool: 'max' }), { batchSize: batch }).fit(source, {
    ...{ epochs, seed: 7, runtime },
    onProgress({ metrics }) {
      loss = metrics.loss ?? loss;
    },
  });
  const hash = createHash('sha256');
  for (const { path, tensor } of leaves(model.params)) {
    const values = await tensor.data();
    hash.update(path).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  model.dispose();
  await runtime.dispose();
  return { sha256: hash.digest('hex'), details, loss };
}
