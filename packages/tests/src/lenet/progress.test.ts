/** Progress events carry the loss of their own step, also where the device is read some steps late. */
import { lenet5 } from '@dendrite/cnn';
import { arraySource } from '@dendrite/datasets';
import { classifier } from '@dendrite/nn';
import { hostKey, randomBits } from '@dendrite/random';
import { expect, test } from 'vitest';
import { openRuntime } from '../reference/machine.ts';

const rows = 72;
const pixels = Uint8Array.from(randomBits(hostKey(3), rows * 28 * 28));
const source = arraySource({
  x: { data: pixels, shape: [rows, 28, 28, 1] },
  targets: Int32Array.from({ length: rows }, (_, i) => i % 10),
  labels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
});

async function losses(name: 'cpu' | 'tfjs-wasm'): Promise<readonly (readonly number[])[]> {
  const runtime = await openRuntime(name);
  const seen: number[][] = [];
  const model = await classifier(lenet5({ classes: 10 }), { batchSize: 8 }).fit(source, {
    epochs: 2,
    seed: 5,
    runtime,
    onProgress: ({ unit, done, examples, metrics }) => {
      if (unit === 'batch') seen.push([done, examples, metrics.loss ?? Number.NaN]);
    },
  });
  model.dispose();
  expect(runtime.live().tensors).toBe(0);
  await runtime.dispose();
  return seen;
}

test('losses of the same steps on cpu and tfjs-wasm', async () => {
  const [cpu, wasm] = [await losses('cpu'), await losses('tfjs-wasm')];
  expect(cpu.map(([done, examples]) => [done, examples])).toEqual(
    Array.from({ length: 18 }, (_, i) => [i + 1, 8 * (i + 1)]),
  );
  expect(wasm.map(([done, examples]) => [done, examples])).toEqual(cpu.map(([done, examples]) => [done, examples]));
  for (const [i, [, , loss]] of wasm.entries()) expect(loss).toBeCloseTo(cpu[i]?.[2] ?? Number.NaN, 4);
});
