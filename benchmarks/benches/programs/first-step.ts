// A program that ends with the first training step of LeNet-5 on WASM: what `startup` bundles and times.
import { wasm } from '@dendrite/backend-wasm';
import { lenet5 } from '@dendrite/cnn';
import { createRuntime, uniform } from '@dendrite/core';
import { netTrainer } from '../net-trainer.ts';

/** Pictures of noise, batch 64; the loss before the step. */
export async function firstStep(): Promise<number> {
  const runtime = await createRuntime({ backends: [wasm({ threads: 1 })], fallback: false });
  const shape = [64, 28, 28, 1];
  const x = await uniform(runtime.key(1), shape).data();
  const batch = { shape, x, y: Int32Array.from({ length: 64 }, (_, i) => i % 10) };
  const trainer = await netTrainer(runtime, lenet5({ classes: 10, activation: 'relu', pool: 'max' }), [batch]);
  const { losses } = await trainer.train([0]);
  return losses[0] ?? Number.NaN;
}
