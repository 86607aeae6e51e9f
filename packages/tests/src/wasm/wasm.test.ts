/** What the WASM backend promises beyond values: bits that no batch changes, memory that stays, kernels that are loaded. */
import { wasm } from '@dendrite/backend-wasm';
import { conv2d } from '@dendrite/cnn/ops';
import { cpu, createRuntime, matmul, slice, sum } from '@dendrite/core';
import { hostKey, uniforms } from '@dendrite/random';
import { definedOps, defineOp, type PrimitiveOp, type Runtime, type Tensor, type WasmKernel } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { drawnDigits, lenetCourse } from '../lenet/lenet-losses.ts';

const relaxed = await createRuntime({ backends: [wasm()] });
const plain = await createRuntime({ backends: [wasm({ relaxed: false })] });

const filled = (on: Runtime, label: string, shape: readonly number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return on.tensor(
    Float32Array.from(uniforms(hostKey(1).fork(label), size), (u) => 2 * u - 1),
    shape,
  );
};

test.each([relaxed, plain])('a row has the same bits in every batch (%#)', async (on) => {
  const b = filled(on, 'b', [70, 21]);
  const a = filled(on, 'a', [101, 70]);
  const all = await matmul(a, b).data();
  for (const rows of [1, 2, 5, 7, 48, 50])
    for (const from of [0, 3, 51]) {
      const part = await matmul(slice(a, { begin: [from, 0], size: [rows, 70] }), b).data();
      expect(part).toEqual(all.subarray(from * 21, (from + rows) * 21));
    }
});

test.each([relaxed, plain])('an image has the same bits in every batch (%#)', async (on) => {
  const filters = filled(on, 'filters', [3, 3, 5, 9]);
  const x = filled(on, 'x', [4, 11, 13, 5]);
  const all = await conv2d(x, filters, { padding: 'same', stride: 2 }).data();
  const each = all.length / 4;
  for (const image of [0, 3]) {
    const one = slice(x, { begin: [image, 0, 0, 0], size: [1, 11, 13, 5] });
    const made = await conv2d(one, filters, { padding: 'same', stride: 2 }).data();
    expect(made).toEqual(all.subarray(image * each, (image + 1) * each));
  }
});

test('plain SIMD rounds each product, as float32 arithmetic in JavaScript does', async () => {
  const [a, b] = [filled(plain, 'a', [5, 33]), filled(plain, 'b', [33, 6])];
  const [left, right, made] = [await a.data(), await b.data(), await matmul(a, b).data()];
  for (let i = 0; i < 5; i++)
    for (let j = 0; j < 6; j++) {
      let total = 0;
      for (let k = 0; k < 33; k++)
        total = Math.fround(total + Math.fround((left[i * 33 + k] ?? 0) * (right[k * 6 + j] ?? 0)));
      expect(made[i * 6 + j]).toBe(total);
    }
});

test('long sums keep their digits', async () => {
  const x = relaxed.tensor(new Float32Array(3_000_001).fill(0.1));
  expect(Math.abs((await sum(x).item()) / 300_000.1 - 1)).toBeLessThan(1e-5);
});

test('steady work does not grow the memory, and nothing is left', async () => {
  const digits = drawnDigits(80);
  await lenetCourse(relaxed, digits, { steps: 30, batch: 16 });
  const { live, buffers, peak } = relaxed.device.memory();
  await lenetCourse(relaxed, digits, { steps: 30, batch: 16 });
  const after = relaxed.device.memory();
  expect(after).toMatchObject({ live, buffers, peak });
  // What is free is joined and cut anew, so how much of it there is changes within this bound.
  expect(after.live + after.pooled).toBeLessThanOrEqual(2 * peak);
});

test('an op that was defined after the runtime was made throws and names runtime.load()', async () => {
  const [reduce] = [...definedOps()].filter(({ name }) => name === 'core/reduce') as PrimitiveOp[];
  const { wasm: thunk } = reduce?.kernels ?? {};
  if (!reduce || !thunk) throw new Error('core/reduce must have a wasm kernel');
  const late: PrimitiveOp = defineOp({
    ...reduce,
    name: 'tests/late',
    kernels: { ...reduce.kernels, wasm: (): Promise<WasmKernel> => thunk() },
  });
  const runtime = await createRuntime({ backends: [cpu()] });
  const attributes = { kind: 'sum', axes: [0] };
  const run = (on: Runtime): readonly Tensor[] => on.run(late, [on.tensor([1, 2, 3])], attributes);
  expect(() => run(relaxed)).toThrow('await runtime.load()');
  await relaxed.load();
  expect(await run(relaxed)[0]?.item()).toBe(6);
  expect(await run(runtime)[0]?.item()).toBe(6);
});
