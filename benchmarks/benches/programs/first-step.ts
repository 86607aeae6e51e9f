// A program that ends with the first training step of LeNet-5 on WASM: what `startup` bundles and times.
import { wasm } from '@dendrite/backend-wasm';
import { lenet5 } from '@dendrite/cnn';
import { createRuntime } from '@dendrite/core';
import { netTrainer } from '../net-trainer.ts';

/** Pictures of noise, batch 64; the loss before the step. */
export async function firstStep(): Promise<number> {
  const runtime = await createRuntime({ backends: [wasm({ threads: 1 })], fallback: false });
  const x = new Float32Array(64 * 784);
  for (let i = 0; i < x.length; i++) x[i] = ((i * 40503) % 65536) / 65536;
  const batch = { shape: [64, 28, 28, 1], x, y: Int32Array.from({ length: 64 }, (_, i) => i % 10) };
  const trainer = await netTrainer(runtime, lenet5({ classes: 10, activation: 'relu', pool: 'max' }), [batch]);
  const { losses } = await trainer.train([0]);
  return losses[0] ?? Number.NaN;
}
