/** Tracing finds shapes and computes nothing. */
import type { Tensor } from '@dendrite/spec';
import { expect, test } from 'vitest';
import { compile, createRuntime, grad, matmul, nullBackend, relu, sum, topK, transpose } from '../index.ts';

const runtime = await createRuntime();

test('shapes are those of the ops; nothing is dispatched, and nothing is left', async () => {
  const device = await createRuntime({ backends: [nullBackend({ dispatches: 0 })] });
  const before = device.live();
  const shapes = device.scope(() =>
    device.trace(() => {
      const x = device.tensor(new Float32Array(15), [5, 3]);
      const y = relu(matmul(x, transpose(x)));
      const { values, indices } = topK(y, { k: 2 });
      return [y, values, indices].map(({ shape, dtype }) => `${dtype} ${shape}`);
    }),
  );
  expect(shapes).toEqual(['float32 5,5', 'float32 5,2', 'int32 5,2']);
  expect(device.live()).toEqual(before);
});

test('a shape error is told as ever, and the runtime computes again afterwards', async () => {
  const x = runtime.tensor([1, -2, 3]);
  expect(() => runtime.trace(() => matmul(x, x))).toThrow('matmul()');
  await expect(relu(x).toArray()).resolves.toEqual([1, 0, 3]);
});

test('gradients have the shapes of what they belong to', () => {
  const w = runtime.tensor(new Float32Array(6), [2, 3]);
  expect(runtime.trace(() => grad((v: Tensor) => sum(relu(v)))(w)).shape).toEqual([2, 3]);
});

test('a compiled step that traces is recorded without it', async () => {
  const step = compile(
    ({ w }: { readonly w: Tensor }) => {
      const [size] = runtime.trace(() => relu(w)).shape;
      return { state: { w: relu(w) }, out: { size: runtime.tensor(size ?? 0) } };
    },
    { replay: true },
  );
  let state = { w: runtime.tensor([1, -2]) };
  for (let i = 0; i < 4; i++) {
    const made = step(state, {});
    state = made.state;
    await expect(made.out.size.item()).resolves.toBe(2);
  }
  expect(step.status.mode).toBe('replay');
  await expect(state.w.toArray()).resolves.toEqual([1, 0]);
});
